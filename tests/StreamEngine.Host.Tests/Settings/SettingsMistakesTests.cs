using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Settings;

public sealed class SettingsMistakesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void All_mistakes_of_all_sources_are_said_at_once()
    {
        var file = _directory.Write("shop.json", """{ "Sessions": { "IdleAfter": "half an hour", "Curency": "EUR" } }""");
        var mistakes = Mistakes(file, [("STREAMENGINE_Engine__Workers", "many")], "Kafka:GroupIdd=x", "Store:Kind=oracle");
        Assert.Equal(
            [
                $"{file}: Sessions:Curency is no setting; did you mean Sessions:Currency?",
                "--set: Kafka:GroupIdd is no setting; did you mean Kafka:GroupId?",
                "environment variable STREAMENGINE_Engine__Workers: Engine:Workers is 'many'; write a whole number from 0 to 1024",
                $"{file}: Sessions:IdleAfter is 'half an hour'; write a duration from 1s to 90d, such as 30m, 1h30m or 00:30:00",
                "--set: Store:Kind is 'oracle'; write sqlite or postgres",
            ],
            mistakes);
    }

    [Theory]
    [InlineData("Store:ConnectionStrings:0=hunter2", "Store:ConnectionStrings:0 is no connection string")]
    [InlineData("Store:ConnectionStrings:0=Host=db;Database=shop;Username=engine;Password=hunter2;SSL Mode=Disable", "VerifyFull")]
    [InlineData("Store:ConnectionStrings:1=Host=db;Database=shop;Username=engine;Password=hunter2", "no place in the list")]
    [InlineData("Store:ConnectionString:0=Host=db;Password=hunter2", "Store:ConnectionString:0 is no setting")]
    [InlineData("Store:Path=x", "Store:ConnectionStrings is empty")]
    public void A_mistake_about_a_server_shows_no_password(string set, string part)
    {
        var mistakes = Mistakes(null, [], "Store:Kind=postgres", set);
        Assert.Contains(mistakes, mistake => mistake.Contains(part, StringComparison.Ordinal));
        Assert.DoesNotContain(mistakes, static mistake => mistake.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Servers_without_their_kind_are_a_mistake() => Assert.Contains(
        Mistakes(null, [], "Store:ConnectionStrings:0=Host=db;Database=shop;Username=engine"),
        static mistake => mistake.Contains("write Store:Kind=postgres", StringComparison.Ordinal));

    [Theory]
    [InlineData("Sessions:IdleAfter", "0s")]
    [InlineData("Sessions:IdleAfter", "91d")]
    [InlineData("Sessions:Currency", "EURO")]
    [InlineData("Sessions:Currency", "€")]
    [InlineData("Sessions:Store", " ")]
    [InlineData("Sessions:Store", "a\nb")]
    [InlineData("Engine:Workers", "-1")]
    [InlineData("Engine:Workers", "1.5")]
    [InlineData("Engine:Workers", "99999999999")]
    [InlineData("Engine:CommitBytesMax", "2 GiB")]
    [InlineData("Clicks:DepthMax", "129")]
    [InlineData("Clicks:RecordBytesMax", "1023")]
    [InlineData("Kafka:ClicksTopic", "my topic")]
    [InlineData("Kafka:ClicksTopic", "..")]
    [InlineData("Kafka:ClicksTopic", "cli\ncks")]
    [InlineData("Kafka:BootstrapServers", "")]
    [InlineData("Kafka:BootstrapServers", "a:9092,")]
    [InlineData("Kafka:BootstrapServers", "a:0")]
    [InlineData("Kafka:BootstrapServers", "a:65536")]
    [InlineData("Kafka:BootstrapServers", "a b:9092")]
    [InlineData("Store:Path", "")]
    [InlineData("Clicks:EventAliases:Quote", "None")]
    [InlineData("Clicks:EventAliases:Quote", "7")]
    [InlineData("Clicks:PagePatterns:0", "basket")]
    [InlineData("Clicks:PagePatterns:0", "=Cart")]
    [InlineData("Clicks:PagePatterns:0", "basket=Card game")]
    [InlineData("Clicks:PagePatterns:first", "basket=Cart")]
    [InlineData("Kafka:Client:group.id", "x")]
    [InlineData("Kafka:Client:enable_auto_commit", "true")]
    [InlineData("Kafka:Client", "x")]
    [InlineData("Kafka", "localhost:9092")]
    public void A_wrong_value_is_one_mistake_that_names_its_key_and_what_is_right(string key, string value)
    {
        var mistake = Assert.Single(Mistakes(null, [], $"{key}={value}"));
        Assert.StartsWith($"--set: {key} ", mistake, StringComparison.Ordinal);
        Assert.True(mistake.Length > $"--set: {key} is '{value}'".Length + 10, mistake);
    }

    [Theory]
    [InlineData("kafka-1:9092,[::1]:9093")]
    [InlineData("SASL_SSL://broker.example.com:9094")]
    [InlineData("broker")]
    public void Addresses_may_have_a_protocol_or_lack_a_port(string addresses)
    {
        Assert.Equal(addresses, SettingsReader.Read(EmptyFile(), [], [$"Kafka:BootstrapServers={addresses}"]).Settings.Kafka.BootstrapServers);
    }

    [Theory]
    [InlineData("Engine:LingerMsMin=51")]
    [InlineData("Engine:RetryMsMin=10001")]
    [InlineData("Clicks:RecordBytesMax=2048")]
    [InlineData("Kafka:ActionsTopic=clicks")]
    public void Settings_that_contradict_each_other_are_refused(string set)
    {
        Assert.Contains(set[..set.IndexOf('=', StringComparison.Ordinal)], Assert.Single(Mistakes(null, [], set)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forgotten_underscore_is_pointed_out()
    {
        Assert.Contains("two underscores", Assert.Single(Mistakes(null, [("STREAMENGINE_Kafka_GroupId", "x")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_variables_for_one_setting_are_refused_rather_than_drawn_by_lot()
    {
        var mistake = Assert.Single(Mistakes(null, [("STREAMENGINE_Kafka__GroupId", "x"), ("STREAMENGINE_KAFKA__GROUPID", "y")]));
        Assert.Contains("STREAMENGINE_KAFKA__GROUPID", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_asked_for_must_be_there()
    {
        Assert.Contains("no-such.json", Assert.Single(Mistakes("no-such.json", [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Kafka\": { \"Client\": { \"sasl.password\": \"hunter2\" \"x\": 1 } } }", "line 1")]
    [InlineData("{\n\"Kafka\": { \"Client\": { \"sasl.password\": hunter2 } } }", "line 2")]
    [InlineData("[]", "shop.json")]
    [InlineData("", "shop.json")]
    [InlineData("{ \"Store\": { \"Path\": \"a\", \"path\": \"b\" } }", "Store:path")]
    public void A_broken_file_is_a_mistake_with_its_place_and_never_quotes_a_password(string json, string place)
    {
        var mistake = Assert.Single(Mistakes(_directory.Write("shop.json", json), []));
        Assert.Contains(place, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kafka:Clint:sasl.password=hunter2")]
    [InlineData("Kafka:sasl.password=hunter2")]
    [InlineData("sasl.password=hunter2")]
    [InlineData("Kafka:Client:sasl.password:hunter2")]
    public void A_misplaced_secret_is_not_shown(string set)
    {
        Assert.DoesNotContain("hunter2", Assert.Single(Mistakes(null, [], set)), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Mistakes(string? file, (string Name, string Value)[] environment, params string[] sets) =>
        Assert.Throws<SettingsException>(() => SettingsReader.Read(
            file ?? EmptyFile(), environment.Select(static v => KeyValuePair.Create(v.Name, v.Value)), sets)).Mistakes;

    private string EmptyFile() => _directory.Write("empty.json", "{}");
}
