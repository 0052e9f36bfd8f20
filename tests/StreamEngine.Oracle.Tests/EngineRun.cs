using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;
using StreamEngine.TestKit;

namespace StreamEngine.Oracle.Tests;

/// <summary>What the production worker made of a story, in the oracle's terms, and what the oracle needs to know of how it was run.</summary>
/// <param name="Looks">Instants at which the engine looked at the clock, ascending.</param>
/// <param name="VerdictCounts">Null where the engine was restarted and has forgotten them.</param>
public sealed record EngineRun(
    IReadOnlyList<OracleRecord> Records,
    IReadOnlyList<OracleRestart> Restarts,
    IReadOnlyList<long> Looks,
    IReadOnlyList<OracleDecision> Decisions,
    IReadOnlyDictionary<string, OracleEnding> Endings,
    IReadOnlyList<long> DeadOffsets,
    IReadOnlyDictionary<string, long>? VerdictCounts)
{
    public long EndMs => Looks[^1];

    public static EngineRun Of(Story story)
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 },
            Sessions = story.Options,
            Tactics = TacticSet.Compile(story.Tactics, story.Options.Currency),
        });
        var restarts = new List<OracleRestart>();
        var looks = new List<long>();
        var committed = 0L;
        Look();
        for (var i = 0; i < story.Steps.Count; i++)
        {
            var step = story.Steps[i];
            if (story.DownBefore.Contains(i))
            {
                committed = driver.Source.Reported.GetValueOrDefault(0, committed);
                restarts.Add(new OracleRestart(driver.Topic.End(0), driver.Time.NowMs, driver.Time.NowMs + step.GapMs, committed));
                driver.CrashFor(step.GapMs);
            }
            else
            {
                driver.Time.Advance(step.GapMs);
            }
            if (step.IsLookedFirst)
            {
                Look();
            }
            driver.Feed(step.Visitor, step.Value(driver.Time.NowMs));
            Look();
        }
        var records = driver.Topic[0].Select(e => new OracleRecord(e.Offset, e.TimestampMs, e.IsLogAppendTime, e.Key, e.Value)).ToList();
        var stats = driver.Worker.Stats.Shards.Single();
        return new EngineRun(
            records, restarts, looks,
            [.. driver.Rows.Select(OracleView.DecisionOf)],
            StoredSessions.Read(driver.Memory.ReadSegments(0)).Values.Select(OracleView.EndingOf).ToDictionary(e => e.Visitor, StringComparer.Ordinal),
            [.. driver.Memory.DeadLetters(0).Select(d => d.Offset).Order()],
            story.DownBefore.Count > 0 ? null
                : Enum.GetValues<Verdict>().Where(v => stats.Verdicts(v) > 0).ToDictionary(v => v.ToString(), stats.Verdicts, StringComparer.Ordinal));

        void Look()
        {
            driver.Settle();
            looks.Add(driver.Time.NowMs);
        }
    }
}
