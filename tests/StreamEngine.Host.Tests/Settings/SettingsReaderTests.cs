using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_any_source_everything_has_its_default()
    {
        var found = Read("{}");
        Assert.Equal(HostSettings.Default.Sessions, found.Settings.Sessions);
        Assert.Equal(HostSettings.Default.Engine, found.Settings.Engine);
        Assert.Equal(HostSettings.Default.Clicks, found.Settings.Clicks);
        Assert.Equal(HostSettings.Default.Kafka, found.Settings.Kafka);
        Assert.Equal(HostSettings.Default.Store, found.Settings.Store);
        Assert.Empty(found.Entries);
    }

    [Fact]
    public void Set_wins_over_the_environment_which_wins_over_the_file()
    {
        var found = Read(
            """{ "Kafka": { "ClicksTopic": "c-file", "ActionsTopic": "a-file", "DeadTopic": "d-file" } }""",
            [("STREAMENGINE_Kafka__ActionsTopic", "a-env"), ("STREAMENGINE_KAFKA__DEADTOPIC", "d-env")],
            "Kafka:DeadTopic=d-first", "kafka:deadtopic=d-set");
        Assert.Equal(("c-file", "a-env", "d-set"), (found.Settings.Kafka.ClicksTopic, found.Settings.Kafka.ActionsTopic, found.Settings.Kafka.DeadTopic));
        Assert.Equal("environment variable STREAMENGINE_Kafka__ActionsTopic", found.Entries["Kafka:ActionsTopic"].Origin);
        Assert.Equal("--set", found.Entries["Kafka:DeadTopic"].Origin);
    }

    [Fact]
    public void A_wrong_value_that_a_later_source_overrules_is_no_mistake()
    {
        var found = Read("""{ "Sessions": { "IdleAfter": "soon" } }""", [], "Sessions:IdleAfter=20 min");
        Assert.Equal(20 * 60_000, found.Settings.Sessions.IdleAfterMs);
    }

    [Fact]
    public void Numbers_texts_comments_and_nulls_are_read_from_the_file_alike()
    {
        var found = Read("""{ /* two workers */ "Engine": { "Workers": 2, "LingerMsMax": "20" }, "Store": { "Path": null }, "Kafka": { "Client": {} }, }""");
        Assert.Equal((2, 20, HostSettings.Default.Store.Path), (found.Settings.Engine.Workers, found.Settings.Engine.LingerMsMax, found.Settings.Store.Path));
    }

    [Fact]
    public void The_longest_cart_is_the_same_for_parser_and_session()
    {
        var settings = Read("{}", [], "Clicks:CartLinesMax=7").Settings;
        Assert.Equal((7, 7), (settings.Clicks.CartLinesMax, settings.Sessions.CartLinesMax));
    }

    [Fact]
    public void Client_settings_pass_through_in_lower_case_with_dots()
    {
        var client = Read(
            """{ "Kafka": { "Client": { "security.protocol": "SASL_SSL" } } }""",
            [("STREAMENGINE_KAFKA__CLIENT__SASL_MECHANISM", "PLAIN")],
            "Kafka:Client:sasl.password=a=b:c").Settings.Kafka.Client;
        Assert.Equal(("SASL_SSL", "PLAIN", "a=b:c"), (client["security.protocol"], client["sasl.mechanism"], client["sasl.password"]));
    }

    [Fact]
    public void Event_aliases_name_the_event_that_is_meant()
    {
        var aliases = Read("""{ "Clicks": { "EventAliases": { "Quote Requested": "Checkout Started", "Quote Signed": "OrderCompleted" } } }""").Settings.Clicks.EventAliases;
        Assert.Equal((ClickKind.CheckoutStarted, ClickKind.OrderCompleted), (aliases["Quote Requested"], aliases["Quote Signed"]));
    }

    [Fact]
    public void Page_patterns_keep_their_order_beyond_ten_and_replace_the_built_in_ones()
    {
        var list = string.Join(", ", Enumerable.Range(0, 12).Select(static i => $"\"page{i} = Product\""));
        var patterns = Read($$"""{ "Clicks": { "PagePatterns": [{{list}}] } }""", [], "Clicks:PagePatterns:11=korb=cart").Settings.Clicks.PagePatterns;
        Assert.Equal(12, patterns.Count);
        Assert.Equal("page9", patterns[9].Text);
        Assert.Equal(new PagePattern("korb", PageType.Cart), patterns[11]);
    }

    [Fact]
    public void Variables_that_are_not_settings_are_left_alone()
    {
        Assert.Empty(Read("{}", [("STREAMENGINE_SHARED", "/somewhere"), ("PATH", "/bin"), ("STREAMENGINE_", "x")]).Entries);
    }

    [Fact]
    public void The_shipped_file_is_right_and_says_the_defaults()
    {
        var found = SettingsReader.Read(Checkout.PathOf("config/appsettings.json"), [], []);
        Assert.NotEmpty(found.Entries);
        Assert.All(SettingList.All, setting => Assert.Equal(setting.TextOf(HostSettings.Default), setting.TextOf(found.Settings)));
    }

    private SettingsFound Read(string json, (string Name, string Value)[]? environment = null, params string[] sets) =>
        SettingsReader.Read(
            _directory.Write("shop.json", json), (environment ?? []).Select(static v => KeyValuePair.Create(v.Name, v.Value)), sets);
}
