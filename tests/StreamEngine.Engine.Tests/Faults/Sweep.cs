using StreamEngine.Engine.Tests.Faults.Checks;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>A story played again and again, each time with other faults, and compared with the undisturbed run.</summary>
internal sealed class Sweep
{
    private readonly Story _story;
    private readonly EngineOptions _engine;
    private readonly long[] _instants;

    public Sweep(Story story, EngineOptions? engine = null)
    {
        _story = story;
        _engine = engine ?? StoryRun.PunctualEngine;
        // Twice: the first run tells when deadlines are due, the second has its turns exactly then.
        using var first = StoryRun.Play(story, [], engine: _engine);
        _instants = [.. first.Driver.Rows.Select(row => row.DueMs).Distinct()];
        using var second = StoryRun.Play(story, [], _instants, _engine);
        var history = History.Of(second);
        Assert.Empty(All.Complaints(history));
        Assert.Empty(OracleCheck.Complaints(second));
        Expected = history.Result;
        (Commits, Contacts) = (second.Driver.Store.Submitted, second.Contacts);
    }

    public StoryResult Expected { get; }

    public EngineOptions Engine => _engine;

    public int Commits { get; }

    public int Contacts { get; }

    public int Clicks => _story.Clicks.Count;

    public StoryRun Run(params IReadOnlyList<Fault> faults) => StoryRun.Play(_story, faults, _instants, _engine);

    /// <summary>Equal to the undisturbed run, and sound on the way.</summary>
    public void AssertHarmless(params IReadOnlyList<Fault> faults)
    {
        using var run = Run(faults);
        var complaints = All.Complaints(History.Of(run), Expected);
        Assert.True(complaints.Count == 0, $"With {string.Join(", ", faults)}:\n{string.Join('\n', complaints)}\n{string.Join('\n', run.Driver.Log.Lines.TakeLast(10))}");
    }
}
