using StreamEngine.Engine.Outlets;

namespace StreamEngine.TestKit;

/// <summary>
/// A producer and the topics behind it. What it takes is delivered at once; the receipts may wait. It can be full, and it can fail: a message that fails is not delivered.
/// </summary>
public sealed class CollectingOutlet(CrashPoints? crashes = null, Journal? journal = null) : IActionOutlet
{
    private readonly Queue<Receipt> _receipts = new();

    /// <summary>Messages without a taken receipt; beyond, the outlet is full.</summary>
    public int OutstandingMax { get; set; } = int.MaxValue;

    public bool HoldsReceipts { get; set; }

    /// <summary>So many of the next messages fail.</summary>
    public int FailNext { get; set; }

    /// <summary>Messages that fail however often they are sent.</summary>
    public Predicate<OutgoingMessage>? Refuses { get; set; }

    /// <summary>Calls of <see cref="TrySend"/> that were taken.</summary>
    public int Sends { get; private set; }

    /// <summary>All that is in the topics, repetitions included.</summary>
    public List<OutgoingMessage> Delivered { get; } = [];

    public bool TrySend(OutgoingMessage message)
    {
        if (_receipts.Count >= OutstandingMax)
        {
            return false;
        }
        crashes?.Pass();
        Sends++;
        if (FailNext > 0 || Refuses?.Invoke(message) == true)
        {
            FailNext = Math.Max(0, FailNext - 1);
            journal?.Refused(message.Destination == Destination.Actions, message.Ticket);
            _receipts.Enqueue(new Receipt(message.Destination, message.Shard, message.Ticket, "the broker refused, a test said so"));
            return true;
        }
        Delivered.Add(message.Kept());
        journal?.Arrived(message.Destination == Destination.Actions, message.Ticket, message.Destination == Destination.Actions ? ShardDriver.IdOf(message) : "");
        _receipts.Enqueue(new Receipt(message.Destination, message.Shard, message.Ticket, null));
        crashes?.Pass();
        return true;
    }

    public bool TryTakeReceipt(out Receipt receipt)
    {
        receipt = default;
        if (HoldsReceipts || !_receipts.TryDequeue(out receipt))
        {
            return false;
        }
        if (receipt.Error is not null)
        {
            journal?.ToldRefusal(receipt.Destination == Destination.Actions, receipt.Ticket);
        }
        return true;
    }

    public bool Flush(TimeSpan wait) => !HoldsReceipts;

    /// <summary>The producer is a new one: receipts of the old never come.</summary>
    public void Restart() => _receipts.Clear();

    public void Dispose()
    {
        // The topics stay.
    }
}
