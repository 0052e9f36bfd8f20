using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamEngine.Simulation.Worlds;

/// <summary>All that happened, a line each, as a hash; the lines themselves are kept only for who wants to read them.</summary>
/// <param name="keepsLines">For one seed that is looked at.</param>
public sealed class Trace(bool keepsLines) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<TraceLine> _lines = [];
    private byte[] _bytes = new byte[1024];

    public IReadOnlyList<TraceLine> Lines => _lines;

    public int Count { get; private set; }

    public void Add(long nowMs, string who, string what, Weight weight = Weight.Detail)
    {
        Count++;
        var line = string.Create(CultureInfo.InvariantCulture, $"{nowMs - World.StartMs} {who} {what}\n");
        var size = Encoding.UTF8.GetMaxByteCount(line.Length);
        if (_bytes.Length < size)
        {
            _bytes = new byte[size];
        }
        _hash.AppendData(_bytes, 0, Encoding.UTF8.GetBytes(line, _bytes));
        if (keepsLines)
        {
            _lines.Add(new TraceLine(nowMs, who, what, weight));
        }
    }

    /// <summary>Of everything so far.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}

public enum Weight : byte
{
    Detail,

    /// <summary>Clicks, decisions, and what becomes of them.</summary>
    Work,

    /// <summary>What goes wrong, and who takes over from whom.</summary>
    News,
}

public sealed record TraceLine(long AtMs, string Who, string What, Weight Weight);
