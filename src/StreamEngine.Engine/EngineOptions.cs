namespace StreamEngine.Engine;

/// <summary>Budgets and bounds of a worker. Each bound names what happens when it is reached.</summary>
public sealed record EngineOptions
{
    /// <summary>Nothing waits longer for its commit, be it that only the offset moved on.</summary>
    public const int ProgressMs = 1_000;

    /// <summary>Worker threads; 0 means one per core. A worker owns one consumer and its shards.</summary>
    public int Workers { get; init; }

    /// <summary>Clicks handled before deadlines get their turn.</summary>
    public int ClicksPerLoop { get; init; } = 2048;

    /// <summary>Deadlines of a worker, and the time they may take, before clicks get their turn: a drain never starves new clicks.</summary>
    public int DeadlinesPerLoop { get; init; } = 1024;
    public int DeadlineMsPerLoop { get; init; } = 1;

    /// <summary>
    /// Sessions of a worker that deadlines have woken and whose commit is not done, at most; and four times as many actions that wait for the broker. Below it the
    /// bound follows the commits' time. Full: deadlines wait, new clicks do not. So a new click's prompt is behind no more than this, however much is overdue.
    /// Where nobody waits, as in replays, it does not count.
    /// </summary>
    public int DeadlinesUncommittedMax { get; init; } = 4_096;

    /// <summary>
    /// A commit starts at once when a chat prompt waits, else after this linger, which grows to the maximum under load. Over a backlog it is a fifth of how far that is behind,
    /// at most twenty times the maximum. What has changed is committed within a second in any case.
    /// </summary>
    public int LingerMsMin { get; init; } = 5;
    public int LingerMsMax { get; init; } = 50;

    /// <summary>The longest linger over a backlog.</summary>
    public int BacklogLingerMsMax => Math.Min(20 * LingerMsMax, ProgressMs);

    /// <summary>A commit starts early when its segments reach this size. Full: with two commits in flight, reading pauses.</summary>
    public int CommitBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Clicks in the commit being built. Full: with two commits in flight, reading pauses.</summary>
    public int CommitClicksMax { get; init; } = 200_000;

    /// <summary>
    /// Actions of a shard in the commit being built, and again those that are committed and held in memory for the broker. Full: further ones wait in the store alone, and are read
    /// back as the broker takes those before them.
    /// </summary>
    public int OutboxItemsMax { get; init; } = 20_000;
    public long OutboxBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Actions of a shard that are committed and not yet acknowledged by the broker, in memory or only in the store. Full: the shard's reading and deadlines pause, with an alarm.</summary>
    public int OutboxStoredMax { get; init; } = 1_000_000;

    /// <summary>Dead letters handed to the outlet and not acknowledged. Full: the shard's reading pauses.</summary>
    public int DeadLettersMax { get; init; } = 1_000;
    public long DeadLetterBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Visitors of a node who only browse and are in no log; its open shards share it evenly. Full: who has not clicked for the longest time is forgotten, and with him
    /// a dwell prompt that was about to be due.
    /// </summary>
    public int BrowsersMax { get; init; } = 500_000;

    /// <summary>
    /// The wall clock is trusted up to this long ago: what was appended just before a deadline has time to arrive before it fires.
    /// </summary>
    public int SettleMs { get; init; } = 5;

    /// <summary>How long a revoked shard may take to commit.</summary>
    public int GiveUpMs { get; init; } = 2_000;

    /// <summary>A failing store is tried again after this pause, doubled up to the maximum.</summary>
    public int RetryMsMin { get; init; } = 100;
    public int RetryMsMax { get; init; } = 10_000;

    /// <summary>A store's trouble is over when its shards have been open for so long: they have committed meanwhile, if they had something to commit.</summary>
    public TimeSpan TroubleCalm => TimeSpan.FromMilliseconds(RetryMsMax + BacklogLingerMsMax);

    /// <summary>A wall clock that jumps holds all deadlines this long, or until it jumps back.</summary>
    public int ClockHoldMs { get; init; } = 60_000;

    /// <summary>An action that is overdue by the wall clock is held back. False for replays and benchmarks, where nobody waits and nothing is late.</summary>
    public bool ExpireOverdue { get; init; } = true;
}
