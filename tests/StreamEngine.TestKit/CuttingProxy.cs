using System.Net;
using System.Net.Sockets;

namespace StreamEngine.TestKit;

/// <summary>
/// Stands between a client and a server on 127.0.0.1 and breaks their connection at a chosen place: when the client sends certain bytes, before or after the
/// server has them, or it holds what the server answers.
/// </summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile Cut? _cut;
    private volatile bool _isClosed;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "proxy" }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were cut as it was asked for.</summary>
    public int Cuts { get; private set; }

    /// <summary>Once: the connection on which the client sends these bytes is cut.</summary>
    /// <param name="isDelivered">True: the server gets them, and its answer is lost. False: they are lost.</param>
    /// <param name="onCut">Called before the client learns of it.</param>
    public void CutWhenClientSends(ReadOnlySpan<byte> bytes, bool isDelivered, Action? onCut = null) => _cut = new Cut(bytes.ToArray(), isDelivered, onCut);

    /// <summary>Nothing goes through in either direction, and no connection is refused: a network that has swallowed its packets.</summary>
    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>Cuts every connection there is; new ones are let through.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            foreach (var socket in _sockets) Reset(socket);
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _listener.Stop();
        CutAll();
        _open.Set();
    }

    private void Accept()
    {
        while (!_isClosed)
        {
            try
            {
                var client = _listener.AcceptSocket();
                _open.Wait();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    server.Connect(IPAddress.Loopback, _serverPort);
                }
                catch (SocketException)
                {
                    Reset(client);
                    continue;
                }
                client.NoDelay = server.NoDelay = true;
                lock (_gate) _sockets.AddRange([client, server]);
                new Thread(() => Pump(client, server, isFromClient: true)) { IsBackground = true }.Start();
                new Thread(() => Pump(server, client, isFromClient: false)) { IsBackground = true }.Start();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed: the loop ends.
            }
        }
    }

    private void Pump(Socket from, Socket to, bool isFromClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = from.Receive(buffer);
                _open.Wait();
                if (length == 0) break;
                if (isFromClient && _cut is { } cut && buffer.AsSpan(0, length).IndexOf(cut.Bytes) >= 0)
                {
                    _cut = null;
                    CutHere(cut, client: from, server: to, buffer.AsSpan(0, length));
                    return;
                }
                to.Send(buffer.AsSpan(0, length));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
        Reset(from);
        Reset(to);
    }

    private void CutHere(Cut cut, Socket client, Socket server, ReadOnlySpan<byte> bytes)
    {
        if (cut.IsDelivered)
        {
            server.Send(bytes);
            // In order: the server reads what came before the end of the connection, and carries it out.
            server.Shutdown(SocketShutdown.Send);
        }
        cut.OnCut?.Invoke();
        Cuts++;
        Reset(client);
        if (!cut.IsDelivered) Reset(server);
    }

    private static void Reset(Socket socket)
    {
        try
        {
            // No linger: the other side sees a reset.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private sealed record Cut(byte[] Bytes, bool IsDelivered, Action? OnCut);
}
