using StreamEngine.Carts;

namespace StreamEngine.Engine.Outlets;

/// <summary>
/// Where a worker's messages leave: the Kafka producer, or what a test collects. Used by the worker's thread only.
/// Messages of one shard and destination are delivered in the order they were handed over, at least once.
/// </summary>
public interface IActionOutlet : IDisposable
{
    /// <param name="message">Its memory is the caller's: who needs it later keeps <see cref="OutgoingMessage.Kept"/>.</param>
    /// <returns>False when the outlet is full: try again later.</returns>
    bool TrySend(OutgoingMessage message);

    /// <summary>The next message that was acknowledged, or that cannot be delivered.</summary>
    /// <exception cref="EngineFatalException">The client cannot go on in this process.</exception>
    bool TryTakeReceipt(out Receipt receipt);

    /// <summary>Waits until all that was handed over is acknowledged, or the time is up. Receipts are still to be taken.</summary>
    bool Flush(TimeSpan wait);
}

public enum Destination : byte
{
    Actions,
    DeadLetters,
}

/// <param name="Shard">The partition it goes to.</param>
/// <param name="Ticket">The sender's own number: comes back in the receipt.</param>
/// <param name="Headers">Kafka headers: CloudEvents attributes ("ce_id", ...), or reason and position of a dead letter.</param>
public readonly record struct OutgoingMessage(
    Destination Destination, int Shard, long Ticket, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, IReadOnlyList<MessageHeader> Headers)
{
    /// <summary>The same in memory of its own.</summary>
    public OutgoingMessage Kept() => this with
    {
        Key = Key.ToArray(),
        Value = Value.ToArray(),
        Headers = [.. Headers.Select(static header => header with { Value = header.Value.Kept() })],
    };
}

public readonly record struct MessageHeader(string Key, Utf8Text Value);

/// <param name="Error">Null when it was acknowledged.</param>
public readonly record struct Receipt(Destination Destination, int Shard, long Ticket, string? Error);
