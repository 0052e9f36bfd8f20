using StreamEngine.Engine.Stores;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Commands;

/// <summary>What a repair means for shoppers and subscribers, said before it is done.</summary>
public static class RepairMeaning
{
    public static string Of(RepairKind kind, ShardRecord shard, LogRange? range, long offset)
    {
        var unknown = range is null ? " No broker answered: nobody has checked that the offset is in the log." : "";
        return kind switch
        {
            RepairKind.Forget => "All sessions of this shard are dropped: its carts, what is known of its visitors, and every reminder that is not sent yet. It reads its partition again from the first record there is. "
                + "Actions that are decided again have the ids they had and are published again; figures count what is read again a second time. "
                + FormattableString.Invariant($"{shard.ActionSeq - shard.PublishedSeq} actions that are decided and not published yet still are."),
            _ when offset > shard.NextOffset => FormattableString.Invariant($"Records {Math.Max(0, shard.NextOffset)} to {offset - 1} are never read. ")
                + "Carts, orders and consents in them stay unknown: somebody who bought there may be reminded." + unknown,
            _ when offset < shard.NextOffset => FormattableString.Invariant($"Records {offset} to {shard.NextOffset - 1} are read a second time, by sessions that have them already. ")
                + "Products may be counted twice, and further actions may be decided, under new ids that no subscriber can tell from others." + unknown,
            _ => "The shard stays where it is; that the record before it has another time is accepted." + unknown,
        };
    }
}
