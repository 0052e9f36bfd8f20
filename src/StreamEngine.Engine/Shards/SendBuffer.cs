using System.Buffers;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// The texts of messages on their way out, side by side in chunks; a chunk goes back to the pool when all that lies in it has left. They live for as long as the broker
/// takes, too long for the youngest generation: an object each would be moved by every collection meanwhile. One thread.
/// </summary>
internal sealed class SendBuffer
{
    /// <summary>See <see cref="Stores.RowTexts"/>.</summary>
    private const int ChunkBytes = 256 * 1024;

    private Chunk? _current;

    /// <summary>Room for a message's texts, until <see cref="Release"/>.</summary>
    public Room Take(int bytes)
    {
        if (_current is null || _current.Used + bytes > _current.Bytes.Length)
        {
            _current = new Chunk(ArrayPool<byte>.Shared.Rent(Math.Max(bytes, ChunkBytes)));
        }
        var chunk = _current;
        var room = new Room(chunk, chunk.Bytes.AsMemory(chunk.Used, bytes));
        chunk.Used += bytes;
        chunk.Holders++;
        return room;
    }

    /// <summary>Each room once; what lies there is void.</summary>
    public void Release(in Room room)
    {
        var chunk = room.Chunk;
        if (--chunk.Holders > 0)
        {
            return;
        }
        ArrayPool<byte>.Shared.Return(chunk.Bytes);
        if (ReferenceEquals(chunk, _current))
        {
            _current = null;
        }
    }

    public readonly record struct Room(Chunk Chunk, Memory<byte> Bytes);

    public sealed class Chunk(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int Used { get; set; }

        public int Holders { get; set; }
    }
}
