using System.Globalization;
using StreamEngine.Engine.Tests.Faults.Checks;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>
/// Everything at once, out of seeds: a story, tactics and faults. STREAMENGINE_SEED=n plays one seed, STREAMENGINE_SEEDS=n as many.
/// </summary>
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int SeedsStandard = 2_000;

    private static readonly EngineOptions Patient = StoryRun.PunctualEngine with { ExpireOverdue = false };

    [Fact]
    public void No_seed_finds_a_difference()
    {
        var one = Number("STREAMENGINE_SEED");
        var first = one ?? 1;
        var count = one is null ? Number("STREAMENGINE_SEEDS") ?? SeedsStandard : 1;
        output.WriteLine($"Seeds {first} to {first + count - 1}.");
        for (var seed = first; seed < first + count; seed++)
        {
            var complaints = Play(seed, out var faults, out _);
            Assert.True(
                complaints.Count == 0,
                $"Seed {seed} (play it alone with STREAMENGINE_SEED={seed}) with\n{string.Join('\n', faults)}\n{string.Join('\n', complaints)}");
        }
    }

    [Fact]
    public void A_seed_gives_the_same_run_byte_for_byte()
    {
        foreach (var seed in (int[])[1, 7, 42])
        {
            Play(seed, out _, out var first);
            Play(seed, out _, out var second);
            Assert.True(first.Length > 10_000, "There is hardly anything to compare.");
            Assert.Equal(first, second, StringComparer.Ordinal);
        }
    }

    [Fact]
    public void Faults_of_every_kind_are_drawn_and_do_strike()
    {
        var traces = Enumerable.Range(1, 40).Select(seed =>
        {
            Play(seed, out var faults, out var trace);
            return (Faults: faults, Trace: trace);
        }).ToList();
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Contains(traces, run => run.Faults.Any(fault => fault.Kind == kind)));
        Assert.All(
            ["a test said so", "IsWritten = False", "IsWritten = True, Told = Unknown", "began 3", "RefusedEntry", "The wall clock jumped"],
            sign => Assert.Contains(traces, run => run.Trace.Contains(sign, StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Play(int seed, out IReadOnlyList<Fault> faults, out string trace)
    {
        var random = new Random(seed);
        var sweep = new Sweep(RandomStory.Write(random), Patient);
        faults = RandomFaults.Draw(random, sweep);
        using var run = sweep.Run(faults);
        trace = TraceOf(run);
        return All.Complaints(History.Of(run), sweep.Expected);
    }

    private static string TraceOf(StoryRun run)
    {
        var lines = run.Journal.Select(entry => entry is CommitEntry commit
            ? $"{commit with { Actions = [], DeadLetters = [] }} {string.Join(' ', commit.Actions.Select(row => row.Id + row.Held))} {string.Join(' ', commit.DeadLetters)}"
            : entry.ToString());
        return string.Join('\n', [.. lines, $"began {run.Journal.Count(entry => entry is BeganEntry)}", .. run.Driver.Log.Lines]);
    }

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
