using System.IO.Compression;
using System.Text;

namespace StreamEngine.Host.Tests.Clickstreams;

internal sealed class TempFile : IDisposable
{
    private TempFile(byte[] bytes)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public static TempFile Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public static TempFile Of(byte[] bytes) => new(bytes);

    public static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }

    public void Dispose() => File.Delete(Path);
}
