using System.Buffers.Binary;
using System.Text;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.TestKit;

/// <summary>Reads a shard's log as docs/shard-log.md lays it out: the newest state of each session that has not ended.</summary>
public static class StoredSessions
{
    private const int VersionBytes = 1;
    private const int ChecksumBytes = 4;

    public static IReadOnlyDictionary<string, CartSession> Read(IEnumerable<ReadOnlyMemory<byte>> segments)
    {
        var memory = new SessionMemory();
        var sessions = new Dictionary<string, CartSession>(StringComparer.Ordinal);
        foreach (var segment in segments)
        {
            var bytes = segment.Span[VersionBytes..^ChecksumBytes];
            while (!bytes.IsEmpty)
            {
                var keyBytes = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                var visitor = bytes.Slice(2, keyBytes).ToArray();
                var stateBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[(2 + keyBytes)..]);
                bytes = bytes[(6 + keyBytes)..];
                sessions.Remove(Encoding.UTF8.GetString(visitor));
                if (stateBytes < 0)
                {
                    continue;
                }
                var session = new CartSession(visitor);
                SessionCodec.Read(bytes[..stateBytes], session, memory);
                sessions.Add(Encoding.UTF8.GetString(visitor), session);
                bytes = bytes[stateBytes..];
            }
        }
        return sessions;
    }
}
