using StreamEngine.Storage.Postgres;

namespace StreamEngine.Storage.Tests.Postgres;

public sealed class ServerAddressTests
{
    private const string Rest = "Database=shop;Username=engine;Password=hunter2";

    [Theory]
    [InlineData("Host=127.0.0.1")]
    [InlineData("Host=localhost;SSL Mode=Disable")]
    [InlineData("Host=::1;SSL Mode=Prefer")]
    [InlineData("Host=/var/run/postgresql")]
    [InlineData("Host=db.example.com")]
    [InlineData("Host=db.example.com;SSL Mode=VerifyFull;Root Certificate=/etc/ca.pem")]
    public void A_host_of_this_machine_may_do_without_encryption_and_another_verifies_in_full(string host) => Assert.Null(ServerAddress.Mistake($"{host};{Rest}"));

    [Theory]
    [InlineData("Host=db.example.com;SSL Mode=Disable", "VerifyFull")]
    [InlineData("Host=db.example.com;SSL Mode=Require", "VerifyFull")]
    [InlineData("Host=db.example.com;SslMode=VerifyCA", "VerifyFull")]
    [InlineData("Host=localhost,db.example.com;SSL Mode=Prefer", "VerifyFull")]
    [InlineData("Host=", "names no Host")]
    [InlineData("hunter2", "no connection string")]
    [InlineData("Host=localhost;Hunter2=7", "no connection string")]
    [InlineData("Host=localhost;Port=hunter2", "no connection string")]
    public void A_mistake_is_named_without_showing_the_text(string host, string part)
    {
        var mistake = ServerAddress.Mistake($"{host};{Rest}");
        Assert.Contains(part, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", mistake, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Host=localhost;Username=engine", "names no Database")]
    [InlineData("Host=localhost;Database=shop", "names no Username")]
    public void What_is_missing_is_named(string text, string part) => Assert.Contains(part, ServerAddress.Mistake(text), StringComparison.Ordinal);

    [Fact]
    public void Its_name_has_no_secrets() => Assert.Equal("db.example.com:5433/shop", ServerAddress.Name($"Host=db.example.com;Port=5433;{Rest}"));
}
