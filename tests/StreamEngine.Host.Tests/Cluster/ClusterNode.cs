using Npgsql;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>A process of the cluster, and its own way to the database, on which a COMMIT can be met.</summary>
internal sealed class ClusterNode : IDisposable
{
    private ClusterNode(string name, CuttingProxy proxy, EngineProcess process) => (Name, Proxy, Process) = (name, proxy, process);

    /// <summary>Also the name of its connections, by which the audit knows it.</summary>
    public string Name { get; }

    public CuttingProxy Proxy { get; }

    public EngineProcess Process { get; }

    public static ClusterNode Start(Shop shop, string name, string database, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var proxy = new CuttingProxy(server.Port);
        server.Port = proxy.Port;
        server.ApplicationName = name;
        return new ClusterNode(name, proxy, EngineProcess.Start(
            shop.Directory, ["run", .. shop.Arguments, "--set", "Store:ConnectionStrings:0=" + server.ConnectionString, .. arguments]));
    }

    public void Dispose()
    {
        Process.Dispose();
        Proxy.Dispose();
    }
}
