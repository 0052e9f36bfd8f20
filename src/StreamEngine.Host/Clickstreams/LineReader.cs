namespace StreamEngine.Host.Clickstreams;

/// <summary>Lines of a byte stream, without their ends ("\n" or "\r\n") and without a byte order mark. Keeps one line in memory.</summary>
internal sealed class LineReader(Stream stream, int lineBytesMax) : IDisposable
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>True where the line that was read last was longer than allowed: its text is only the beginning.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The text holds until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        IsCut = false;
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(searched + newline, skip: 1);
                return true;
            }
            searched = _end - _start;
            if (searched > lineBytesMax)
            {
                line = CutLine();
                return true;
            }
            if (_ended || !Fill())
            {
                _ended = true;
                if (_start == _end)
                {
                    return false;
                }
                line = Take(_end - _start, skip: 0);
                return true;
            }
        }
    }

    public void Dispose() => stream.Dispose();

    private ReadOnlySpan<byte> Take(int length, int skip)
    {
        var line = _buffer.AsSpan(_start, length);
        _start += length + skip;
        Line++;
        if (Line == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    /// <summary>Reads on to the line's end so that the next line can be read; hands out what was seen first.</summary>
    private ReadOnlySpan<byte> CutLine()
    {
        var beginning = _buffer.AsSpan(_start, 256).ToArray();
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            _start = newline >= 0 ? _start + newline + 1 : _end;
            if (newline >= 0 || !Fill())
            {
                break;
            }
        }
        Line++;
        IsCut = true;
        return beginning;
    }
}
