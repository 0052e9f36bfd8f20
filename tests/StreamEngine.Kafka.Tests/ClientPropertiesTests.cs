using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine;

namespace StreamEngine.Kafka.Tests;

public sealed class ClientPropertiesTests
{
    private static string Refusal(string name, string value)
    {
        var settings = new KafkaSettings
        {
            BootstrapServers = "127.0.0.1:1",
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value },
        };
        return Assert.Throws<EngineFatalException>(() => new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance)).Message;
    }

    [Fact]
    public void An_unknown_property_is_refused_by_name() =>
        Assert.Contains("Kafka:Client:sasl.usernam: No such configuration property", Refusal("sasl.usernam", "me"), StringComparison.Ordinal);

    [Fact]
    public void An_impossible_value_is_refused_with_property_and_value()
    {
        var refusal = Refusal("security.protocol", "tls13");
        Assert.Contains("Kafka:Client:security.protocol", refusal, StringComparison.Ordinal);
        Assert.Contains("tls13", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable.auto.commit")]
    [InlineData("auto.offset.reset")]
    [InlineData("acks")]
    [InlineData("group.id")]
    public void A_property_that_a_promise_rests_on_cannot_be_set(string name) =>
        Assert.Contains($"Kafka:Client:{name} cannot be set", Refusal(name, "1"), StringComparison.Ordinal);

    [Fact]
    public void Security_settings_pass_through()
    {
        var settings = new KafkaSettings
        {
            BootstrapServers = "broker:9093",
            Client = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["security.protocol"] = "SASL_SSL",
                ["sasl.mechanism"] = "SCRAM-SHA-512",
                ["sasl.username"] = "engine",
                ["sasl.password"] = "secret",
            },
        };
        var properties = ClientProperties.For(settings, ("group.id", "mine"));
        Assert.Equal("SCRAM-SHA-512", properties["sasl.mechanism"]);
        Assert.Equal("secret", properties["sasl.password"]);
        Assert.Equal("broker:9093", properties["bootstrap.servers"]);
        Assert.Equal("mine", properties["group.id"]);
    }

    [Fact]
    public void An_empty_address_is_refused() =>
        Assert.Contains("Kafka:BootstrapServers", Assert.Throws<EngineFatalException>(() => ClientProperties.For(new KafkaSettings { BootstrapServers = " " })).Message, StringComparison.Ordinal);
}
