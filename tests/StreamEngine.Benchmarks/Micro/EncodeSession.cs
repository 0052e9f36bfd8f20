using System.Buffers;
using BenchmarkDotNet.Attributes;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>A cart of three lines to bytes and back.</summary>
public class EncodeSession
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly SessionMemory _memory = new();
    private CartSession _session = null!;
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Begin()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        for (var i = 0; i < 3; i++)
        {
            carts.Feed(ClickExamples.Add($"sku-{i}", 1, 12.5m));
        }
        _session = carts.Session;
        SessionCodec.Write(_session, _buffer);
        _bytes = _buffer.WrittenSpan.ToArray();
    }

    [Benchmark]
    public int Encode()
    {
        _buffer.ResetWrittenCount();
        return SessionCodec.Write(_session, _buffer);
    }

    [Benchmark]
    public CartSession Decode()
    {
        var session = new CartSession(_session.Visitor);
        SessionCodec.Read(_bytes, session, _memory);
        return session;
    }
}
