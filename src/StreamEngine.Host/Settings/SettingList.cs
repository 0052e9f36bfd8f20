using static StreamEngine.Host.Settings.SettingTypes;

namespace StreamEngine.Host.Settings;

/// <summary>Every setting there is. Reading, checking, the nearest spelling and the printed table all follow this list.</summary>
public static class SettingList
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;

    public static IReadOnlyList<Setting> All { get; } = [.. Kafka(), .. Store(), .. Sessions(), .. Clicks(), .. Tactics(), .. Engine()];

    private static IEnumerable<Setting> Kafka() =>
    [
        new Setting<string>("Kafka:BootstrapServers", Addresses, s => s.Kafka.BootstrapServers, (s, v) => s with { Kafka = s.Kafka with { BootstrapServers = v } },
            "Brokers to start from."),
        new Setting<string>("Kafka:ClicksTopic", Topic, s => s.Kafka.ClicksTopic, (s, v) => s with { Kafka = s.Kafka with { ClicksTopic = v } },
            "Where clicks are read; the key of a record is its visitor."),
        new Setting<string>("Kafka:ActionsTopic", Topic, s => s.Kafka.ActionsTopic, (s, v) => s with { Kafka = s.Kafka with { ActionsTopic = v } },
            "Where actions are published, as CloudEvents."),
        new Setting<string>("Kafka:DeadTopic", Topic, s => s.Kafka.DeadTopic, (s, v) => s with { Kafka = s.Kafka with { DeadTopic = v } },
            "Where records go that could not be read, with the reason."),
        new Setting<string>("Kafka:GroupId", Text(249), s => s.Kafka.GroupId, (s, v) => s with { Kafka = s.Kafka with { GroupId = v } },
            "Consumer group that spreads the partitions over nodes."),
        new Setting<string>("Kafka:InstanceId", OptionalName, s => s.Kafka.InstanceId, (s, v) => s with { Kafka = s.Kafka with { InstanceId = v } },
            "Name of this node in the group, its own and the same after a restart: it then has its shards back at once, also after a crash. Without one the group waits until the dead member's session has timed out."),
    ];

    private static IEnumerable<Setting> Store() =>
    [
        new Setting<string>("Store:Kind", Choice("sqlite", StorePart.Postgres), s => s.Store.Kind, (s, v) => s with { Store = s.Store with { Kind = v } },
            "The database: a file for one node, or PostgreSQL servers for any number."),
        new Setting<string>("Store:Path", FilePath, s => s.Store.Path, (s, v) => s with { Store = s.Store with { Path = v } },
            "SQLite: the database's file, on a local disk."),
        new Setting<string>("Store:PasswordFile", OptionalFilePath, s => s.Store.PasswordFile, (s, v) => s with { Store = s.Store with { PasswordFile = v } },
            "PostgreSQL: a file whose first line is the password. It is read for each connection, so the password may change while the engine runs."),
    ];

    private static IEnumerable<Setting> Sessions() =>
    [
        new Setting<string>("Sessions:Store", Text(64), s => s.Sessions.Store, (s, v) => s with { Sessions = s.Sessions with { Store = v } },
            "Name of the shop; part of every action's id."),
        new Setting<Carts.Currency>("Sessions:Currency", CurrencyCode, s => s.Sessions.Currency, (s, v) => s with { Sessions = s.Sessions with { Currency = v } },
            "Currency of prices that come without one."),
        new Setting<long>("Sessions:IdleAfter", SpanMs("1s", "90d"), s => s.Sessions.IdleAfterMs, (s, v) => s with { Sessions = s.Sessions with { IdleAfterMs = v } },
            "A cart without a click for this long is abandoned."),
        new Setting<long>("Sessions:ExitAfter", SpanMs("1s", "90d"), s => s.Sessions.ExitAfterMs, (s, v) => s with { Sessions = s.Sessions with { ExitAfterMs = v } },
            "A cart whose visitor left the page and did not return for this long is abandoned."),
        new Setting<long>("Sessions:RecoveredWithin", SpanMs("1s", "90d"), s => s.Sessions.RecoveredWithinMs,
            (s, v) => s with { Sessions = s.Sessions with { RecoveredWithinMs = v } },
            "A purchase this long after the abandonment counts as recovered."),
        new Setting<long>("Sessions:RememberFor", SpanMs("1s", "90d"), s => s.Sessions.RememberForMs,
            (s, v) => s with { Sessions = s.Sessions with { RememberForMs = v } },
            "How long a visitor is remembered after buying, being sent something, or leaving a contact or consent; at least as long as the longest window of the tactics."),
        new Setting<int>("Sessions:ClicksPerSecondMax", Whole(1, 100_000), s => s.Sessions.ClicksPerSecondMax,
            (s, v) => s with { Sessions = s.Sessions with { ClicksPerSecondMax = v } },
            "Clicks a second of one visitor, for long; above, they are only counted."),
        new Setting<int>("Sessions:ClickBurstMax", Whole(1, 1_000_000), s => s.Sessions.ClickBurstMax,
            (s, v) => s with { Sessions = s.Sessions with { ClickBurstMax = v } },
            "Clicks of one visitor at once; above, they are only counted."),
    ];

    private static IEnumerable<Setting> Clicks() =>
    [
        new Setting<long>("Clicks:RecordBytesMax", Bytes(KiB, 16 * MiB), s => s.Clicks.RecordBytesMax,
            (s, v) => s with { Clicks = s.Clicks with { RecordBytesMax = (int)v } },
            "A longer record is a dead letter."),
        new Setting<int>("Clicks:DepthMax", Whole(4, 128), s => s.Clicks.DepthMax, (s, v) => s with { Clicks = s.Clicks with { DepthMax = v } },
            "A record nested deeper is a dead letter."),
        new Setting<int>("Clicks:CartLinesMax", Whole(1, 10_000), s => s.Clicks.CartLinesMax,
            (s, v) => s with { Clicks = s.Clicks with { CartLinesMax = v }, Sessions = s.Sessions with { CartLinesMax = v } },
            "Lines a cart may have."),
        new Setting<long>("Clicks:TextBytesMax", Bytes(16, 32 * KiB), s => s.Clicks.TextBytesMax,
            (s, v) => s with { Clicks = s.Clicks with { TextBytesMax = (int)v } },
            "The longest text that is kept."),
        new Setting<long>("Clicks:VisitorBytesMax", Bytes(16, 4 * KiB), s => s.Clicks.VisitorBytesMax,
            (s, v) => s with { Clicks = s.Clicks with { VisitorBytesMax = (int)v } },
            "The longest visitor id."),
    ];

    private static IEnumerable<Setting> Tactics() =>
    [
        new Setting<string>("Tactics:Path", FilePath, s => s.TacticsPath, (s, v) => s with { TacticsPath = v },
            "The retailer's tactics."),
    ];

    private static IEnumerable<Setting> Engine() =>
    [
        new Setting<int>("Engine:Workers", Whole(0, 1024), s => s.Engine.Workers, (s, v) => s with { Engine = s.Engine with { Workers = v } },
            "Worker threads; 0 is one per core."),
        new Setting<int>("Engine:ClicksPerLoop", Whole(1, 1_000_000), s => s.Engine.ClicksPerLoop,
            (s, v) => s with { Engine = s.Engine with { ClicksPerLoop = v } },
            "Clicks handled before deadlines get their turn."),
        new Setting<int>("Engine:DeadlinesPerLoop", Whole(1, 1_000_000), s => s.Engine.DeadlinesPerLoop,
            (s, v) => s with { Engine = s.Engine with { DeadlinesPerLoop = v } },
            "Deadlines of a worker fired before clicks get their turn."),
        new Setting<int>("Engine:DeadlineMsPerLoop", Whole(1, 10_000), s => s.Engine.DeadlineMsPerLoop,
            (s, v) => s with { Engine = s.Engine with { DeadlineMsPerLoop = v } },
            "Ms that deadlines may take before clicks get their turn."),
        new Setting<int>("Engine:DeadlinesUncommittedMax", Whole(1, 1_000_000), s => s.Engine.DeadlinesUncommittedMax,
            (s, v) => s with { Engine = s.Engine with { DeadlinesUncommittedMax = v } },
            "Sessions woken by deadlines and not committed yet, of a worker, at most; fewer while commits are slow. At the bound deadlines wait."),
        new Setting<int>("Engine:LingerMsMin", Whole(0, 60_000), s => s.Engine.LingerMsMin, (s, v) => s with { Engine = s.Engine with { LingerMsMin = v } },
            "Ms a commit waits for more clicks when there is little to do."),
        new Setting<int>("Engine:LingerMsMax", Whole(0, 60_000), s => s.Engine.LingerMsMax, (s, v) => s with { Engine = s.Engine with { LingerMsMax = v } },
            "Ms a commit waits for more clicks under load."),
        new Setting<long>("Engine:CommitBytesMax", Bytes(64 * KiB, GiB), s => s.Engine.CommitBytesMax,
            (s, v) => s with { Engine = s.Engine with { CommitBytesMax = (int)v } },
            "A commit of this size starts at once."),
        new Setting<int>("Engine:CommitClicksMax", Whole(1, 10_000_000), s => s.Engine.CommitClicksMax,
            (s, v) => s with { Engine = s.Engine with { CommitClicksMax = v } },
            "A commit of this many clicks starts at once."),
        new Setting<int>("Engine:OutboxItemsMax", Whole(1, 10_000_000), s => s.Engine.OutboxItemsMax,
            (s, v) => s with { Engine = s.Engine with { OutboxItemsMax = v } },
            "Actions of a shard in memory that may wait for the broker; at the bound further ones wait in the database."),
        new Setting<long>("Engine:OutboxBytesMax", Bytes(64 * KiB, 64 * GiB), s => s.Engine.OutboxBytesMax,
            (s, v) => s with { Engine = s.Engine with { OutboxBytesMax = v } },
            "Bytes of actions of a shard in memory that may wait for the broker; at the bound further ones wait in the database."),
        new Setting<int>("Engine:OutboxStoredMax", Whole(1, 1_000_000_000), s => s.Engine.OutboxStoredMax,
            (s, v) => s with { Engine = s.Engine with { OutboxStoredMax = v } },
            "Actions of a shard that may wait for the broker at all, in memory or in the database; at the bound the shard pauses, with an alarm."),
        new Setting<int>("Engine:DeadLettersMax", Whole(1, 1_000_000), s => s.Engine.DeadLettersMax,
            (s, v) => s with { Engine = s.Engine with { DeadLettersMax = v } },
            "Dead letters that may wait for the broker; at the bound the shard pauses."),
        new Setting<long>("Engine:DeadLetterBytesMax", Bytes(KiB, 64 * GiB), s => s.Engine.DeadLetterBytesMax,
            (s, v) => s with { Engine = s.Engine with { DeadLetterBytesMax = v } },
            "Bytes of dead letters that may wait for the broker; at the bound the shard pauses."),
        new Setting<int>("Engine:BrowsersMax", Whole(1_000, 100_000_000), s => s.Engine.BrowsersMax,
            (s, v) => s with { Engine = s.Engine with { BrowsersMax = v } },
            "Visitors who only browse that a node keeps in memory, 400 B each; above, who has not clicked for the longest time is forgotten."),
        new Setting<int>("Engine:SettleMs", Whole(0, 60_000), s => s.Engine.SettleMs, (s, v) => s with { Engine = s.Engine with { SettleMs = v } },
            "Ms a deadline leaves to clicks that were made just before it."),
        new Setting<int>("Engine:GiveUpMs", Whole(1, 600_000), s => s.Engine.GiveUpMs, (s, v) => s with { Engine = s.Engine with { GiveUpMs = v } },
            "Ms a shard that is taken away may use for its last commit."),
        new Setting<int>("Engine:RetryMsMin", Whole(1, 3_600_000), s => s.Engine.RetryMsMin, (s, v) => s with { Engine = s.Engine with { RetryMsMin = v } },
            "Ms before a failed commit is tried again; doubles with each failure."),
        new Setting<int>("Engine:RetryMsMax", Whole(1, 3_600_000), s => s.Engine.RetryMsMax, (s, v) => s with { Engine = s.Engine with { RetryMsMax = v } },
            "The longest pause between two tries, in ms."),
        new Setting<int>("Engine:ClockHoldMs", Whole(0, 86_400_000), s => s.Engine.ClockHoldMs, (s, v) => s with { Engine = s.Engine with { ClockHoldMs = v } },
            "Ms deadlines are held after the wall clock jumped."),
        new Setting<string>("Engine:ExpireOverdue", Choice("true", "false"), s => s.Engine.ExpireOverdue ? "true" : "false",
            (s, v) => s with { Engine = s.Engine with { ExpireOverdue = v is "true" } },
            "Whether an action that is overdue by the wall clock is held back; false for records of the past, where nobody waits."),
    ];
}
