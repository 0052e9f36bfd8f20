namespace StreamEngine.Storage.Blocks;

/// <summary>Blocks of one transaction that exist side by side, used again for the next.</summary>
internal sealed class BlockPool : IDisposable
{
    /// <summary>Of 1 MB each: what a rush took does not stay.</summary>
    private const int KeptMax = 16;

    private readonly List<BlockWriter> _blocks = [];
    private int _used;

    public BlockWriter Next()
    {
        if (_used == _blocks.Count) _blocks.Add(new BlockWriter());
        return _blocks[_used++];
    }

    /// <summary>The database has them.</summary>
    public void Reset()
    {
        _used = 0;
        for (; _blocks.Count > KeptMax; _blocks.RemoveAt(_blocks.Count - 1)) _blocks[^1].Dispose();
    }

    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
    }
}
