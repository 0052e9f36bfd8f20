using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using StreamEngine.Engine;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>A server with a certificate for "localhost" that an authority of our own has signed: itself.</summary>
public sealed class EncryptionTests : IDisposable
{
    private readonly PrivatePostgres _server = PostgresFixture.StartOwn();
    private readonly string _authority;

    public EncryptionTests()
    {
        _authority = Path.Combine(_server.DataFolder, "server.crt");
        var key = Path.Combine(_server.DataFolder, "server.key");
        WriteCertificate(_authority, key);
        // PostgreSQL takes a key that is its own user's and nobody else's.
        Run("chmod", "600", key);
        Run("chown", "--reference=" + Path.Combine(_server.DataFolder, "PG_VERSION"), key, _authority);
        File.AppendAllText(Path.Combine(_server.DataFolder, "postgresql.conf"), "ssl = on\n");
        _server.StopFast();
        _server.Start();
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void The_named_authority_and_the_right_host_name_make_an_encrypted_connection()
    {
        using var store = PostgresFixture.Open(Database("localhost", _authority));
        store.Provision("clicks", 1);
        using var reader = NpgsqlDataSource.Create(Database("localhost", _authority)).OpenConnection();
        using var select = new NpgsqlCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", reader);
        Assert.True((bool)select.ExecuteScalar()!);
    }

    [Fact]
    public void Another_host_name_another_authority_and_a_server_without_encryption_are_refused()
    {
        AssertRefused(Database("127.0.0.1", _authority));
        var other = Path.GetTempFileName();
        try
        {
            WriteCertificate(other, other + ".key");
            AssertRefused(Database("localhost", other));
        }
        finally
        {
            File.Delete(other);
            File.Delete(other + ".key");
        }
        AssertRefused(PostgresFixture.Server.CreateDatabase() + ";SSL Mode=VerifyFull");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }

    private static void AssertRefused(string database)
    {
        using var store = PostgresFixture.Open(database);
        var error = Assert.Throws<EngineFatalException>(() => store.Provision("clicks", 1));
        Assert.Contains("no encrypted connection", error.Message, StringComparison.Ordinal);
        Assert.Contains("Root Certificate", error.Message, StringComparison.Ordinal);
    }

    private static void WriteCertificate(string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }

    private string Database(string host, string authority) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString("postgres")) { Host = host, SslMode = SslMode.VerifyFull, RootCertificate = authority, Pooling = false }.ConnectionString;
}
