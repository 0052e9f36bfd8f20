using StreamEngine.Engine.Outlets;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>The production outlet, with every acknowledged action told to a tally.</summary>
public sealed class WatchedOutlet(IActionOutlet inner, ActionTally tally) : IActionOutlet
{
    private readonly Dictionary<(int Shard, long Ticket), ActionTally.Sent> _sent = [];

    public bool TrySend(OutgoingMessage message)
    {
        if (!inner.TrySend(message))
        {
            return false;
        }
        if (message.Destination == Destination.Actions)
        {
            _sent[(message.Shard, message.Ticket)] = tally.AddHanded(message);
        }
        return true;
    }

    public bool TryTakeReceipt(out Receipt receipt)
    {
        if (!inner.TryTakeReceipt(out receipt))
        {
            return false;
        }
        if (receipt is { Destination: Destination.Actions, Error: null } && _sent.Remove((receipt.Shard, receipt.Ticket), out var sent))
        {
            tally.Add(sent);
        }
        return true;
    }

    public bool Flush(TimeSpan wait) => inner.Flush(wait);

    public void Dispose() => inner.Dispose();
}
