namespace StreamEngine.Engine.Outlets;

/// <summary>
/// Where a worker's messages leave: the Kafka producer, or what a test collects. Used by the worker's thread only.
/// Messages of one shard and destination are delivered in the order they were handed over, at least once.
/// </summary>
public interface IActionOutlet : IDisposable
{
    /// <returns>False when the outlet is full: keep the message and try again later.</returns>
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
public sealed record OutgoingMessage(
    Destination Destination, int Shard, long Ticket, byte[] Key, byte[] Value, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <param name="Error">Null when it was acknowledged.</param>
public readonly record struct Receipt(Destination Destination, int Shard, long Ticket, string? Error);
