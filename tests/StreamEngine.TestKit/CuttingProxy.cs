using System.Net;
using System.Net.Sockets;

namespace StreamEngine.TestKit;

/// <summary>
/// Stands between a client and a server on 127.0.0.1 and breaks their connection at a chosen place: when the client sends certain bytes, before or after the
/// server has them, or it holds what the server answers. Or it lets something happen at a place of a COMMIT to PostgreSQL.
/// </summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile Cut? _cut;
    private Mark? _mark;
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

    /// <summary>Once: when a COMMIT to PostgreSQL is at this place, on whichever connection it comes first, this is done. Before and inside it, the connection is then cut.</summary>
    public void AtCommit(CommitPlace place, Action act) => Volatile.Write(ref _mark, new Mark(place, act));

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
                var link = new Link(client, server);
                new Thread(() => Pump(link, isFromClient: true)) { IsBackground = true }.Start();
                new Thread(() => Pump(link, isFromClient: false)) { IsBackground = true }.Start();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed: the loop ends.
            }
        }
    }

    private void Pump(Link link, bool isFromClient)
    {
        var (from, to) = isFromClient ? (link.Client, link.Server) : (link.Server, link.Client);
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = from.Receive(buffer);
                _open.Wait();
                if (length == 0) break;
                var bytes = buffer.AsSpan(0, length);
                if (isFromClient)
                {
                    if (_cut is { } cut && bytes.IndexOf(cut.Bytes) >= 0)
                    {
                        _cut = null;
                        CutHere(link, bytes, cut.IsDelivered, cut.OnCut);
                        return;
                    }
                    if (link.Sight.IsSent(bytes) && Take(isAnswer: false) is { } mark)
                    {
                        CutHere(link, bytes, mark.Place == CommitPlace.NotAnswered, mark.Act);
                        return;
                    }
                }
                else if (link.IsMute)
                {
                    continue;
                }
                to.Send(bytes);
                if (!isFromClient && CommitSight.IsAnswered(bytes)) Take(isAnswer: true)?.Act();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
        Reset(from);
        Reset(to);
    }

    /// <summary>The mark, for the first who comes to its place.</summary>
    private Mark? Take(bool isAnswer)
    {
        var mark = Volatile.Read(ref _mark);
        return mark is not null && (mark.Place == CommitPlace.Answered) == isAnswer && Interlocked.CompareExchange(ref _mark, null, mark) == mark ? mark : null;
    }

    private void CutHere(Link link, ReadOnlySpan<byte> bytes, bool isDelivered, Action? act)
    {
        link.IsMute = true;
        if (isDelivered)
        {
            link.Server.Send(bytes);
            // In order: the server reads what came before the end of the connection, and carries it out.
            link.Server.Shutdown(SocketShutdown.Send);
        }
        act?.Invoke();
        Cuts++;
        Reset(link.Client);
        if (!isDelivered) Reset(link.Server);
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

    private sealed record Mark(CommitPlace Place, Action Act);

    private sealed class Link(Socket client, Socket server)
    {
        public Socket Client => client;
        public Socket Server => server;
        public CommitSight Sight { get; } = new();

        /// <summary>What the server says goes nowhere.</summary>
        public volatile bool IsMute;
    }
}
