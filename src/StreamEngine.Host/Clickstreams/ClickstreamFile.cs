using System.IO.Compression;
using System.Text;

namespace StreamEngine.Host.Clickstreams;

/// <summary>
/// A recorded clickstream, read from beginning to end as clicks of one form. Keeps about a row in memory (OTTO: the sessions that are open).
/// Which row becomes which click is written in docs/replay.md.
/// </summary>
public sealed class ClickstreamFile : IDisposable
{
    /// <summary>A longer line is a mistake: it is not kept in memory.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    /// <summary>So many mistakes are kept; all are counted.</summary>
    public const int MistakesKeptMax = 1000;

    /// <summary>The format is recognised within these lines: a bad first line must not hide it.</summary>
    private const int LinesTried = 20;

    private const string Formats = """
        Formats that can be read, each plain or gzipped:
          segment-json        Segment or RudderStack messages, one JSON object a line, alone or as {"message": {...}}
          rees46              CSV: event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
          taobao              CSV: user_id,item_id,category_id,behavior,timestamp
          otto                JSON lines: {"session": 1, "events": [{"aid": 1, "ts": 1659304800025, "type": "clicks"}]}
          simple-online-shop  CSV: client_id,event,timestamp
        """;

    private readonly FileStream _file;
    private readonly LineReader _lines;
    private readonly ClickRows _rows;
    private readonly ClickBatch _batch = new();
    private readonly List<ClickstreamMistake> _mistakes = [];
    private bool _ended;

    // Without it .NET takes a gzip file that is cut off for one that ends.
    static ClickstreamFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);

    private ClickstreamFile(string path, FileStream file, ClickstreamFormat format)
    {
        Path = path;
        Format = format;
        _file = file;
        BytesTotal = file.Length;
        _lines = new LineReader(Unpacked(file), LineBytesMax);
        _rows = ClickRows.Of(format);
    }

    public string Path { get; }
    public ClickstreamFormat Format { get; }

    /// <summary>For a progress bar, in bytes of the file as it lies on disk; a little ahead of the clicks.</summary>
    public long BytesRead => _file.CanRead ? _file.Position : BytesTotal;

    public long BytesTotal { get; }

    /// <summary>Rows that were read and gave clicks.</summary>
    public long Rows { get; private set; }

    public long Clicks { get; private set; }

    public long MistakeCount { get; private set; }

    /// <summary>The first <see cref="MistakesKeptMax"/>.</summary>
    public IReadOnlyList<ClickstreamMistake> Mistakes => _mistakes;

    /// <param name="format">Null: recognised by the file's content.</param>
    /// <exception cref="ClickstreamException">The file is not there, may not be read, or has no format that is known.</exception>
    public static ClickstreamFile Open(string path, ClickstreamFormat? format = null)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.SequentialScan);
            var known = format ?? Recognise(path, file);
            file.Position = 0;
            return new ClickstreamFile(path, file, known);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            file?.Dispose();
            throw new ClickstreamException($"{path} cannot be read: {e.Message}", e);
        }
        catch (ClickstreamException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>"rees46", "Segment-JSON", "simple_online_shop": case, "-" and "_" do not count.</summary>
    /// <exception cref="ClickstreamException">There is no such format.</exception>
    public static ClickstreamFormat ParseFormat(string name)
    {
        var bare = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        foreach (var format in Enum.GetValues<ClickstreamFormat>())
        {
            if (string.Equals(bare, format.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }
        throw new ClickstreamException($"'{name}' is not the name of a clickstream format.\n{Formats}");
    }

    public bool TryNext(out RawClick click)
    {
        while (!_batch.TryTake(out click))
        {
            _batch.Clear();
            if (_rows.TryGiveHeld(_batch, _ended))
            {
                continue;
            }
            if (_ended)
            {
                return false;
            }
            ReadRow();
        }
        Clicks++;
        return true;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _lines.Dispose();
        _file.Dispose();
    }

    private void ReadRow()
    {
        try
        {
            if (!_lines.TryRead(out var line))
            {
                _ended = true;
                return;
            }
            if (_lines.IsCut)
            {
                Report($"is longer than {LineBytesMax} bytes");
                return;
            }
            if (line.IsEmpty || (_lines.Line == 1 && _rows.IsHeader(line)))
            {
                return;
            }
            var mistake = _rows.Read(line, _batch);
            if (mistake is not null)
            {
                Report(mistake);
                return;
            }
            Rows++;
        }
        catch (InvalidDataException e)
        {
            _ended = true;
            Report($"the compressed data ends or breaks here, nothing behind it was read: {e.Message}", behind: 1);
        }
    }

    private void Report(string reason, int behind = 0)
    {
        MistakeCount++;
        if (_mistakes.Count < MistakesKeptMax)
        {
            _mistakes.Add(new ClickstreamMistake(Path, _lines.Line + behind, reason));
        }
    }

    private static Stream Unpacked(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    private static ClickstreamFormat Recognise(string path, FileStream file)
    {
        // Not disposed: it would close the file, which is read again from its start.
        var lines = new LineReader(Unpacked(file), LineBytesMax);
        using var clicks = new ClickBatch();
        var first = "";
        for (var tried = 0; tried < LinesTried && lines.TryRead(out var line);)
        {
            if (line.IsEmpty)
            {
                continue;
            }
            foreach (var format in Enum.GetValues<ClickstreamFormat>())
            {
                var rows = ClickRows.Of(format);
                clicks.Clear();
                if (rows.IsHeader(line) || rows.Read(line, clicks) is null)
                {
                    return format;
                }
            }
            if (tried++ == 0)
            {
                first = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 100)]);
            }
        }
        throw new ClickstreamException(first.Length == 0
            ? $"{path} is empty: there are no clicks in it."
            : $"{path} has no format that is known. It begins with: {first}\n{Formats}\nConvert the file, or name the format if it is one of these.");
    }
}
