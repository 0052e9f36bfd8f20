using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace StreamEngine.TestKit;

/// <summary>
/// A PostgreSQL server of our own: a new cluster in a temporary folder, on a free port of 127.0.0.1. The binaries are those in POSTGRES_BIN, or where
/// Debian's package "postgresql" puts them. The server ends with this process, however that ends.
/// </summary>
public sealed class PrivatePostgres : IDisposable
{
    private const string NotFound = "no PostgreSQL: install the Debian package postgresql, or set POSTGRES_BIN to the folder of initdb and postgres";

    /// <summary>
    /// The shell keeps the server's life in its hand: it sends the signal that a line names, or the one for a crash when this process is gone and the
    /// line never comes.
    /// </summary>
    private const string Keeper = """
        exec 2> /dev/null
        "$@" >> server.log 2>&1 < /dev/null &
        pid=$!
        read -r how
        kill -${how:-QUIT} $pid
        wait $pid
        """;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    private readonly string _bin;
    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;
    private int _databases;

    private PrivatePostgres(string bin, string folder, int port, bool isDurable, string[] settings)
    {
        _bin = bin;
        _folder = folder;
        Port = port;
        _settings = [$"fsync={(isDurable ? "on" : "off")}", .. settings];
    }

    /// <summary>The superuser, who needs no password. Any other needs one.</summary>
    public const string Admin = "postgres";

    public int Port { get; }

    public string DataFolder => Path.Combine(_folder, "data");

    public string LogText => File.ReadAllText(Path.Combine(_folder, "server.log"));

    /// <param name="isDurable">False leaves out the flushes to the disk: what is written outlives the server's crash, but not the machine's.</param>
    /// <param name="settings">Further settings of the server, such as "max_connections=20".</param>
    /// <returns>Null where there is none; <paramref name="reason"/> says so in one line.</returns>
    public static PrivatePostgres? TryStart(out string reason, bool isDurable = false, params string[] settings)
    {
        reason = "";
        if (FindBin() is not { } bin)
        {
            reason = NotFound;
            return null;
        }
        var server = new PrivatePostgres(bin, Directory.CreateTempSubdirectory("streamengine-postgres-").FullName, FreePort(), isDurable, settings);
        try
        {
            server.MakeCluster();
            server.Start();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts it (again), on the same data and port, and waits until it accepts connections.</summary>
    public void Start()
    {
        if (_process is not null) throw new InvalidOperationException("The server runs already.");
        string[] options = [.. _settings.SelectMany(static setting => new[] { "-c", setting })];
        _process = Run("/bin/sh", ["-c", Keeper, "keeper", .. AsServerUser("postgres", ["-D", "data", "-p", Port.ToString(CultureInfo.InvariantCulture), .. options])], keepInput: true);
        var start = TimeProvider.System.GetTimestamp();
        while (!Accepts())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(start) > StartMax)
                throw new InvalidOperationException("PostgreSQL did not start:\n" + LogText);
            _process.WaitForExit(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Ends sessions and stops in order, as "pg_ctl stop -m fast".</summary>
    public void StopFast() => End("INT");

    /// <summary>Ends at once and recovers at the next start, as "pg_ctl stop -m immediate".</summary>
    public void StopImmediate() => End("QUIT");

    /// <summary>An empty database; its connection string.</summary>
    public string CreateDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"store_{Interlocked.Increment(ref _databases)}");
        Execute("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database, string user = Admin) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={user}");

    public void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public T Query<T>(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        if (_process is not null) End("QUIT");
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string? FindBin()
    {
        if (Environment.GetEnvironmentVariable("POSTGRES_BIN") is { Length: > 0 } named) return File.Exists(Path.Combine(named, "initdb")) ? named : null;
        string[] folders = [
            .. Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static version => version, StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin"))
                : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        return Array.Find(folders, static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void MakeCluster()
    {
        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess) Finish("chown", "postgres", _folder);
        Finish(AsServerUser("initdb", "-D", "data", "-U", Admin, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"));
        File.WriteAllText(Path.Combine(DataFolder, "pg_hba.conf"), $"""
            host all {Admin} 127.0.0.1/32 trust
            host all all 127.0.0.1/32 scram-sha-256

            """);
        File.AppendAllText(Path.Combine(DataFolder, "postgresql.conf"), """
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''

            """);
    }

    private string[] AsServerUser(string program, params ReadOnlySpan<string> arguments) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(_bin, program), .. arguments]
        : [Path.Combine(_bin, program), .. arguments];

    private void Finish(params string[] command)
    {
        using var process = Run("/bin/sh", ["-c", "\"$@\" > setup.log 2>&1", "setup", .. command]);
        process.WaitForExit(StartMax);
        if (!process.HasExited || process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed:\n" + File.ReadAllText(Path.Combine(_folder, "setup.log")));
    }

    private Process Run(string program, string[] arguments, bool keepInput = false)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardInput = keepInput };
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private bool Accepts()
    {
        try
        {
            Execute("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private void End(string signal)
    {
        using var process = _process ?? throw new InvalidOperationException("The server does not run.");
        _process = null;
        try
        {
            process.StandardInput.WriteLine(signal);
        }
        catch (IOException)
        {
            // The shell is gone already, and the server with it.
        }
        if (!process.WaitForExit(EndMax)) process.Kill(entireProcessTree: true);
    }
}
