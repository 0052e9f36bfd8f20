using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using StreamEngine.Host.Settings;
using StreamEngine.Storage.Postgres;
using Xunit;
using YamlDotNet.Serialization;

namespace StreamEngine.Host.Tests;

/// <summary>The compose files, as far as they can be judged without a container.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DockerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void One_node_runs_on_SQLite_in_its_volume()
    {
        var store = StoreOf("compose.yaml");
        Assert.Equal(("sqlite", "/data/streamengine.db"), (store.Kind, store.Path));
    }

    [Fact]
    public void The_cluster_runs_on_a_PostgreSQL_that_the_engine_would_connect_to()
    {
        var store = StoreOf("compose.yaml", "compose.cluster.yaml");
        Assert.Equal(StorePart.Postgres, store.Kind);
        var server = Assert.Single(store.ConnectionStrings);
        Assert.Null(ServerAddress.Mistake(server));
        var services = Section("compose.cluster.yaml", "services");
        Assert.True(services.ContainsKey(ServerAddress.Name(server).Split(':')[0]));
        // What is named in the settings is mounted there.
        Assert.Contains("engine-secrets:/run/secrets:ro", Texts(services["engine"], "volumes"), StringComparer.Ordinal);
        Assert.StartsWith("/run/secrets/", store.PasswordFile, StringComparison.Ordinal);
        Assert.Contains("Root Certificate=/run/secrets/authority.crt", server, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", server, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("compose.cluster.yaml")]
    public void What_is_mounted_is_a_declared_volume_or_a_file_beside_the_compose_file(string file)
    {
        var declared = Section(file, "volumes").Keys;
        var mounted = Section(file, "services").Values.SelectMany(static service => Texts(service, "volumes")).Select(static mount => mount.Split(':')[0]);
        Assert.All(mounted, source => Assert.True(
            source.StartsWith("./", StringComparison.Ordinal) ? File.Exists(Checkout.PathOf("docker/" + source[2..])) : declared.Contains(source, StringComparer.Ordinal), source));
    }

    [Fact]
    public async Task The_clusters_secrets_fit_each_other_and_stay_when_they_are_made_again()
    {
        var (database, engine) = (Directory.CreateDirectory(Path.Combine(_directory.Path, "database")).FullName, Directory.CreateDirectory(Path.Combine(_directory.Path, "engine")).FullName);
        await MakeSecretsAsync(database, engine);

        var password = await File.ReadAllTextAsync(Path.Combine(engine, "db-password"));
        Assert.True(password.Trim().Length >= 32);
        Assert.Equal(password, await File.ReadAllTextAsync(Path.Combine(database, "db-password")));
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(database, "server.crt"), Path.Combine(database, "server.key"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(engine, "authority.crt"));
        Assert.True(certificate.MatchesHostname("postgres"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(certificate));
        // Nobody else may read them.
        Assert.All(
            Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories),
            static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));

        await MakeSecretsAsync(database, engine);
        Assert.Equal(password, await File.ReadAllTextAsync(Path.Combine(engine, "db-password")));
    }

    private async Task MakeSecretsAsync(string database, string engine)
    {
        var user = await ChildProcess.RunAsync(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal), "/bin/bash", "-c", "command -v openssl > /dev/null && id -u");
        Assert.SkipUnless(user.ExitCode == 0, "openssl is not there");
        var run = await ChildProcess.RunAsync(
            _directory.Path,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["DATABASE_UID"] = user.Output.Trim(), ["ENGINE_UID"] = user.Output.Trim() },
            Checkout.PathOf("docker/make-secrets"), "postgres", database, engine);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    /// <summary>What the engine reads in its container: the file in the image, then the environment of the image and of the compose files, the later over the earlier.</summary>
    private static StorePart StoreOf(params string[] files)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Checkout.PathOf("docker/Dockerfile")).Where(static line => line.StartsWith("ENV ", StringComparison.Ordinal)))
        {
            var (name, value) = (line[4..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            environment[name] = value;
        }
        foreach (var file in files)
        {
            foreach (var (name, value) in (Dictionary<object, object>)Section(file, "services")["engine"]["environment"]) environment[(string)name] = (string)value;
        }
        return SettingsReader.Read(Checkout.PathOf("config/appsettings.json"), environment, []).Settings.Store;
    }

    private static Dictionary<string, Dictionary<object, object>> Section(string file, string name)
    {
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Checkout.PathOf("docker/" + file)));
        return ((Dictionary<object, object>)root[name]).ToDictionary(
            static pair => (string)pair.Key, static pair => pair.Value as Dictionary<object, object> ?? [], StringComparer.Ordinal);
    }

    private static IEnumerable<string> Texts(Dictionary<object, object> service, string name) =>
        service.TryGetValue(name, out var list) ? ((List<object>)list).Cast<string>() : [];
}
