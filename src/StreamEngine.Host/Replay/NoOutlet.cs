using StreamEngine.Engine.Outlets;

namespace StreamEngine.Host.Replay;

/// <summary>A replay asks nobody to do anything: what would be sent is acknowledged and counted, no more.</summary>
public sealed class NoOutlet : IActionOutlet
{
    private readonly Queue<Receipt> _receipts = new();

    public bool TrySend(OutgoingMessage message)
    {
        _receipts.Enqueue(new Receipt(message.Destination, message.Shard, message.Ticket, null));
        return true;
    }

    public bool TryTakeReceipt(out Receipt receipt) => _receipts.TryDequeue(out receipt);

    public bool Flush(TimeSpan wait) => true;

    public void Dispose()
    {
    }
}
