using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>All that the checkers look at: plain data, so that a test can plant mistakes in it.</summary>
/// <param name="TopicOffsets">Offsets of the records that are in the topic, ascending.</param>
/// <param name="IsClockWrong">The engine's clock jumped and was not set right.</param>
/// <param name="Visitors">Different visitors of the story.</param>
internal sealed record History(
    IReadOnlyList<JournalEntry> Journal,
    IReadOnlyList<long> TopicOffsets,
    IReadOnlyList<BoundsSample> Samples,
    bool IsClockWrong,
    int Visitors,
    EngineOptions Engine,
    StoryResult Result)
{
    public static History Of(StoryRun run) => new(
        [.. run.Journal],
        [.. run.Driver.Topic[0].Select(entry => entry.Offset)],
        [.. run.Samples],
        run.Driver.Time.NowMs != run.Driver.Time.TrueMs,
        run.Story.Clicks.Select(click => click.Visitor).Distinct(StringComparer.Ordinal).Count(),
        run.Engine,
        StoryResult.Of(run.Driver));
}
