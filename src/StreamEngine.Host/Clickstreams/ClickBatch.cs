using System.Buffers;

namespace StreamEngine.Host.Clickstreams;

/// <summary>The clicks that one row gave, in order, until they are taken.</summary>
internal sealed class ClickBatch : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly List<(byte[] Key, int Start, int Length, long TimeMs)> _clicks = [];
    private int _taken;
    private int _added;

    public ClickBatch() => Writer = new ClickWriter(_bytes);

    /// <summary>What it writes becomes a click with the next <see cref="Add(byte[], long)"/>.</summary>
    public ClickWriter Writer { get; }

    public void Add(byte[] key, long timeMs)
    {
        _clicks.Add((key, _added, _bytes.WrittenCount - _added, timeMs));
        _added = _bytes.WrittenCount;
    }

    public void Add(byte[] key, ReadOnlySpan<byte> value, long timeMs)
    {
        _bytes.Write(value);
        Add(key, timeMs);
    }

    public bool TryTake(out RawClick click)
    {
        if (_taken == _clicks.Count)
        {
            click = default;
            return false;
        }
        var (key, start, length, timeMs) = _clicks[_taken++];
        click = new RawClick(key, _bytes.WrittenMemory.Slice(start, length), timeMs);
        return true;
    }

    public void Clear()
    {
        _clicks.Clear();
        _bytes.ResetWrittenCount();
        _taken = _added = 0;
    }

    public void Dispose() => Writer.Dispose();
}
