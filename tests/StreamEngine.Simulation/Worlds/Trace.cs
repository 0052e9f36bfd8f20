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

    /// <param name="isNews">Part of the story that is told of a seed.</param>
    public void Add(long nowMs, string who, FormattableString what, bool isNews = false) => Add(nowMs, who, what.ToString(CultureInfo.InvariantCulture), isNews);

    public void Add(long nowMs, string who, string what, bool isNews = false)
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
            _lines.Add(new TraceLine(nowMs, who, what, isNews));
        }
    }

    /// <summary>Of everything so far.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}

public sealed record TraceLine(long AtMs, string Who, string What, bool IsNews);
