using System.Globalization;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Sources;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// A shard's unreadable records on their way to the dead-letter topic. They leave before the commit that steps over them, which waits for their
/// receipts: a record is in the clicks still to be read or in the dead letters, at any moment.
/// </summary>
internal sealed class DeadLetters(int shard, string topic, EngineOptions options)
{
    /// <summary>What a broker with default limits takes. A longer record is cut; the original stays in the clicks topic at the position given.</summary>
    private const int ValueBytesMax = 900_000;

    /// <summary>
    /// Of a record that was refused for its length nobody needs the whole again, and everybody waits for its letter: commits that step over it, and the actions behind it
    /// on the way to the broker. Below 85,000 B a letter is no large object for the garbage collector either.
    /// </summary>
    private const int TooLargeBytesKept = 64 * 1024;

    /// <summary>Longer than any visitor may be. With <see cref="ValueBytesMax"/> and the headers it stays below 1 MB: a letter that no broker takes would stop its shard.</summary>
    private const int KeyBytesMax = 64 * 1024;

    private readonly SendQueue<OutgoingMessage> _messages = new();
    private long _bytes;

    /// <summary>
    /// Offset of the last record handed in; -1 none. An offset and not a count: a receipt that comes late, from before the shard was
    /// read back, must not vouch for another record.
    /// </summary>
    public long LastTicket { get; private set; } = -1;

    /// <summary>All records handed in up to this offset are in the dead-letter topic.</summary>
    public long AcknowledgedTicket { get; private set; } = -1;

    public bool IsFull => _messages.Count >= options.DeadLettersMax || _bytes >= options.DeadLetterBytesMax;

    public void Add(in ClickRecord record, in ClickFault fault)
    {
        List<MessageHeader> headers =
        [
            new("reason", fault.Reason.ToString()),
            new("byte_position", fault.BytePosition.ToString(CultureInfo.InvariantCulture)),
            new("topic", topic),
            new("partition", shard.ToString(CultureInfo.InvariantCulture)),
            new("offset", record.Offset.ToString(CultureInfo.InvariantCulture)),
            new("timestamp", record.TimestampMs.ToString(CultureInfo.InvariantCulture)),
        ];
        if (fault.Field is not null)
        {
            headers.Add(new("field", fault.Field));
        }
        if (record.Key.Length > KeyBytesMax)
        {
            headers.Add(new("key_cut_from_bytes", record.Key.Length.ToString(CultureInfo.InvariantCulture)));
        }
        var valueBytesMax = fault.Reason == FaultReason.TooLarge ? TooLargeBytesKept : ValueBytesMax;
        if (record.Value.Length > valueBytesMax)
        {
            headers.Add(new("cut_from_bytes", record.Value.Length.ToString(CultureInfo.InvariantCulture)));
        }
        LastTicket = record.Offset;
        var message = new OutgoingMessage(
            Destination.DeadLetters, shard, LastTicket, Start(record.Key, KeyBytesMax), Start(record.Value, valueBytesMax), headers);
        _bytes += BytesOf(message);
        _messages.Add(message);
    }

    public void Send(IActionOutlet outlet)
    {
        while (_messages.TryPeekUnsent(out var message) && outlet.TrySend(message))
        {
            _messages.MarkSent();
        }
    }

    public void Acknowledge(long ticket)
    {
        if (_messages.TryPeekUnacknowledged(out var message) && message.Ticket == ticket)
        {
            _messages.MarkAcknowledged();
            _bytes -= BytesOf(message);
            AcknowledgedTicket = ticket;
        }
    }

    public void Resend() => _messages.Resend();

    private static byte[] Start(ReadOnlySpan<byte> bytes, int bytesMax) => bytes[..Math.Min(bytes.Length, bytesMax)].ToArray();

    private static int BytesOf(OutgoingMessage message) => message.Key.Length + message.Value.Length;
}
