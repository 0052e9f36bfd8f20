using System.Runtime.CompilerServices;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

/// <summary>When a visitor last said no, by channel, in event time: a yes from before it does not count.</summary>
public struct Withdrawals
{
    private const int BytesEachMax = 11;

    /// <summary>By channel, from the first; 0 never.</summary>
    private Times _eventMs;

    public void Note(Channel channel, long eventMs) => _eventMs[At(channel)] = Math.Max(_eventMs[At(channel)], eventMs);

    public readonly bool IsAfter(Channel channel, long eventMs) => _eventMs[At(channel)] > eventMs;

    internal readonly void Write(ref WireWriter writer, int field, long anchor)
    {
        Span<byte> buffer = stackalloc byte[BytesEachMax];
        for (var channel = Channel.Chat; channel <= Channel.Agent; channel++)
        {
            if (_eventMs[At(channel)] is var ms and not 0)
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

    private static int At(Channel channel) => channel - Channel.Chat;

    [InlineArray((int)Channel.Agent)]
    private struct Times
    {
        private long _first;
    }
}
