using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StreamEngine.TestKit;

/// <summary>
/// A real Kafka broker for tests, at KAFKA_BOOTSTRAP (somebody else's, which cannot be stopped), or started from KAFKA_HOME or from the
/// shared folder's Kafka on free ports of 127.0.0.1 in a temporary folder. The broker ends with this process, however that ends.
/// </summary>
public sealed class RealBroker : IDisposable
{
    private const string NotFound =
        "no Kafka broker: set KAFKA_BOOTSTRAP to an address, or KAFKA_HOME to an unpacked Kafka, or put one at ../shared/kafka";

    /// <summary>
    /// The shell keeps the broker's life in its hand: it ends it as it is told by a line, or at once when this process is gone
    /// and the pipe with it.
    /// </summary>
    private const string Keeper = """
        exec 2> /dev/null
        "$@" >> broker.log 2>&1 < /dev/null &
        pid=$!
        while read -r how; do
            case "$how" in
                freeze) kill -STOP $pid ;;
                thaw) kill -CONT $pid ;;
                *) break ;;
            esac
        done
        if [ "$how" = stop ]; then kill -TERM $pid; else kill -KILL $pid; fi
        wait $pid
        """;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    private readonly string? _folder;
    private readonly string? _libs;
    private Process? _process;

    private RealBroker(string address, string? folder, string? libs)
    {
        Address = address;
        _folder = folder;
        _libs = libs;
    }

    public string Address { get; }

    /// <summary>False for a broker that belongs to somebody else.</summary>
    public bool IsOurs => _folder is not null;

    /// <summary>The folder with Kafka's jars, from KAFKA_HOME or the shared folder; null where there is none.</summary>
    public static string? FindLibs()
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        if (string.IsNullOrEmpty(home))
            home = SharedKafka();
        return home is not null && Directory.Exists(Path.Combine(home, "libs")) ? Path.Combine(home, "libs") : null;
    }

    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <returns>Null where there is none; <paramref name="reason"/> says so in one line.</returns>
    public static RealBroker? TryStart(out string reason)
    {
        reason = "";
        if (Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP") is { Length: > 0 } address)
            return new RealBroker(address, null, null);
        if (FindLibs() is not { } libs)
        {
            reason = NotFound;
            return null;
        }

        if (!IsOnPath("java"))
        {
            reason = $"a Kafka broker is at {Path.GetDirectoryName(libs)}, but java (17 or newer) is not on PATH";
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("streamengine-kafka-").FullName;
        var (port, controllerPort) = FreePorts();
        var broker = new RealBroker($"127.0.0.1:{port}", folder, libs);
        try
        {
            broker.Format(port, controllerPort);
            broker.Start();
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    /// <summary>Starts it (again), on the same data and address, and waits until it accepts connections.</summary>
    public void Start()
    {
        if (_process is not null)
            throw new InvalidOperationException($"the broker at {Address} runs already");
        _process = Run("/bin/sh", ["-c", Keeper, "keeper", .. Java("-Xms256m", "-Xmx512m"), "kafka.Kafka", "server.properties"], keepInput: true);
        var start = TimeProvider.System.GetTimestamp();
        while (!Accepts())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(start) > StartMax)
                throw new InvalidOperationException($"the broker at {Address} did not start:\n{LogTail()}");
        }
    }

    /// <summary>Stops it in order.</summary>
    public void Stop() => End("stop");

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Kill() => End("kill");

    /// <summary>It stands still: connections stay open and nothing answers, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Tell("freeze");

    public void Thaw() => Tell("thaw");

    public void Dispose()
    {
        if (_folder is null)
            return;
        Kill();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The folder beside the repository, or where STREAMENGINE_SHARED says it is.</summary>
    private static string? SharedKafka()
    {
        if (Environment.GetEnvironmentVariable("STREAMENGINE_SHARED") is { Length: > 0 } shared)
            return Path.Combine(shared, "kafka");
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamEngine.sln")))
            folder = folder.Parent;
        return folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "kafka");
    }

    private static (int Broker, int Controller) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    private void Format(int port, int controllerPort)
    {
        File.WriteAllText(Path.Combine(_folder!, "server.properties"), string.Create(CultureInfo.InvariantCulture, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{controllerPort}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=PLAINTEXT
            log.dirs={_folder}/data
            auto.create.topics.enable=false
            log.retention.ms=-1
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=1
            group.initial.rebalance.delay.ms=0
            group.min.session.timeout.ms=1000

            """));
        using var format = Run("/bin/sh",
            ["-c", "\"$@\" > format.log 2>&1", "format", .. Java(), "kafka.tools.StorageTool", "format", "-t", "c3RyZWFtZW5naW5lLTAwMQ", "-c", "server.properties"]);
        format.WaitForExit(StartMax);
        if (!format.HasExited || format.ExitCode != 0)
            throw new InvalidOperationException("formatting Kafka's storage failed:\n" + File.ReadAllText(Path.Combine(_folder!, "format.log")));
    }

    private string[] Java(params ReadOnlySpan<string> options) =>
        ["java", .. options, "-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", $"{_libs}/*"];

    private Process Run(string program, string[] arguments, bool keepInput = false)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardInput = keepInput };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private bool Accepts()
    {
        var colon = Address.LastIndexOf(':');
        try
        {
            using var client = new TcpClient();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            client.ConnectAsync(Address[..colon], int.Parse(Address.AsSpan(colon + 1), CultureInfo.InvariantCulture), patience.Token).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (SocketException)
        {
            _process!.WaitForExit(TimeSpan.FromMilliseconds(50));
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void End(string how)
    {
        if (_folder is null)
            throw new InvalidOperationException($"the broker at {Address} is not ours to {how}");
        if (_process is null)
            return;
        using var process = _process;
        _process = null;
        try
        {
            process.StandardInput.WriteLine(how);
        }
        catch (IOException)
        {
            // The shell is gone already, and the broker with it.
        }

        if (!process.WaitForExit(EndMax))
            process.Kill(entireProcessTree: true);
    }

    private void Tell(string what)
    {
        var process = _folder is null ? throw new InvalidOperationException($"the broker at {Address} is not ours to {what}")
            : _process ?? throw new InvalidOperationException($"the broker at {Address} does not run");
        process.StandardInput.WriteLine(what);
        process.StandardInput.Flush();
    }

    private string LogTail() => string.Join('\n', File.ReadLines(Path.Combine(_folder!, "broker.log")).TakeLast(20));
}
