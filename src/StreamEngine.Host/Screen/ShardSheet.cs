using StreamEngine.Carts.Actions;
using StreamEngine.Engine.Stores;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Screen;

/// <summary>One shard on paper: what the database says, what the topic holds, and what operators did.</summary>
public static class ShardSheet
{
    /// <param name="range">Null where no broker answered.</param>
    public static void Write(TextWriter output, ShardRecord shard, LogRange? range)
    {
        output.WriteLine(FormattableString.Invariant($"shard {shard.Shard}"));
        Row("next offset", shard.NextOffset < 0 ? "none: it never read, and begins where the log begins"
            : FormattableString.Invariant($"{shard.NextOffset}; the record before it is of {Time(shard.LastRecordMs)}"));
        Row("partition", Holds(shard, range));
        Row("owner", shard.Owner.Length == 0 ? FormattableString.Invariant($"nobody; epoch {shard.Epoch}")
            : FormattableString.Invariant($"{shard.Owner} in epoch {shard.Epoch}, since {Time(shard.TakenMs)}"));
        Row("committed", FormattableString.Invariant($"{shard.CommitSeq} commits, up to shard time {Time(shard.ShardTimeMs)}"));
        Row("actions", FormattableString.Invariant($"{shard.ActionSeq} decided, {shard.PublishedSeq} published"));
        Row("log", FormattableString.Invariant($"{shard.SegmentCount} segments, {shard.SegmentBytes:N0} bytes"));
        foreach (var note in shard.Notes)
        {
            Row("note", $"{ActionDocument.Timestamp(note.AtMs)} {note.By}: {What(note)}: {note.Reason}");
        }

        void Row(string name, string value) => output.WriteLine($"  {name,-12} {value}");
    }

    private static string Holds(ShardRecord shard, LogRange? range)
    {
        if (range is null)
        {
            return "no broker answered";
        }
        var held = range.First == range.End ? FormattableString.Invariant($"is empty and goes on at {range.End}")
            : FormattableString.Invariant($"holds {range.First} to {range.End - 1}");
        return shard.NextOffset switch
        {
            < 0 => held,
            var next when next < range.First => FormattableString.Invariant($"{held}: {next} to {range.First - 1} are gone"),
            var next when next > range.End => $"{held}: it is not the log that was read",
            var next => FormattableString.Invariant($"{held}; {range.End - next} to read"),
        };
    }

    private static string What(OperatorNote note) => note.Kind == RepairKind.Forget
        ? FormattableString.Invariant($"forgot everything, at offset {note.NextOffsetBefore}")
        : FormattableString.Invariant($"went from offset {note.NextOffsetBefore} to {note.NextOffset}");

    private static string Time(long ms) => ms <= 0 ? "no time" : ActionDocument.Timestamp(ms);
}
