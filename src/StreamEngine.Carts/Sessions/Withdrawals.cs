using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

/// <summary>When a visitor last said no, by channel, in event time: a yes from before it does not count. Only who has ever said no has one.</summary>
public sealed class Withdrawals
{
    private const int BytesEachMax = 11;

    private readonly long[] _eventMs = new long[(int)Channel.Agent + 1];

    public void Note(Channel channel, long eventMs) => _eventMs[(int)channel] = Math.Max(_eventMs[(int)channel], eventMs);

    public bool IsAfter(Channel channel, long eventMs) => _eventMs[(int)channel] > eventMs;

    internal void Write(ref WireWriter writer, int field, long anchor)
    {
        Span<byte> buffer = stackalloc byte[BytesEachMax];
        for (var channel = Channel.Chat; channel <= Channel.Agent; channel++)
        {
            if (_eventMs[(int)channel] is var ms and not 0)
            {
                var inner = new WireWriter(buffer);
                inner.Varint((ulong)channel);
                inner.SignedVarint(ms - anchor);
                writer.Bytes(field, buffer[..inner.Length]);
            }
        }
    }

    internal void Read(ReadOnlySpan<byte> bytes, long anchor)
    {
        var reader = new WireReader(bytes);
        var channel = (Channel)reader.VarintWithin((ulong)Channel.Chat, (ulong)Channel.Agent);
        Note(channel, SessionCodec.ReadTime(ref reader, anchor));
    }
}
