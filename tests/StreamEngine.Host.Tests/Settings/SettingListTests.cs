using System.Globalization;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;
using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Settings;

public sealed class SettingListTests
{
    [Fact]
    public void Every_option_of_engine_sessions_and_clicks_can_be_set()
    {
        Assert.Equal(Options<EngineOptions>("Engine"), Keys("Engine"), StringComparer.Ordinal);
        // The session's bound on lines follows the parser's.
        Assert.Equal(Options<SessionOptions>("Sessions").Except(["Sessions:CartLinesMax"], StringComparer.Ordinal), Keys("Sessions"), StringComparer.Ordinal);
        Assert.Equal(Options<ClickOptions>("Clicks"), Keys("Clicks"), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_setting_reads_its_own_text_back()
    {
        Assert.All(SettingList.All, static setting =>
        {
            var text = setting.TextOf(HostSettings.Default);
            Assert.True(setting.TryApply(text, HostSettings.Default, out var after), $"{setting.Key} refuses its default '{text}'");
            Assert.Equal(HostSettings.Default, after);
        });
    }

    [Fact]
    public void Every_setting_reaches_its_own_option_and_no_other()
    {
        Assert.All(SettingList.All, setting =>
        {
            var other = Candidates.First(text => setting.TryApply(text, HostSettings.Default, out var tried) && IsChanged(setting, tried));
            Assert.True(setting.TryApply(other, HostSettings.Default, out var after));
            Assert.Same(setting, Assert.Single(SettingList.All, s => IsChanged(s, after)));
        });
    }

    [Fact]
    public void The_page_about_settings_is_in_step()
    {
        using var page = new StringWriter(CultureInfo.InvariantCulture);
        SettingsTable.WriteMarkdown(page);
        Assert.True(
            File.ReadAllText(Checkout.PathOf("docs/settings.md")).EndsWith(page.ToString(), StringComparison.Ordinal),
            "The table in docs/settings.md is old: replace it by the output of 'scripts/streamengine settings --markdown'.");
    }

    [Fact]
    public void Secrets_are_hidden_in_the_table()
    {
        string[] secrets = ["sasl.password", "SASL_PASSWORD", "ssl.key.password", "ssl_key_pem", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config"];
        foreach (var secret in secrets)
        {
            using var table = new StringWriter(CultureInfo.InvariantCulture);
            SettingsTable.WriteInForce(SettingsReader.Read(Checkout.PathOf("config/appsettings.json"), [], [$"Kafka:Client:{secret}=hunter2"]), table);
            Assert.Contains("(hidden)", table.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", table.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_connection_string_shows_its_host_and_nothing_more()
    {
        using var table = new StringWriter(CultureInfo.InvariantCulture);
        SettingsTable.WriteInForce(
            SettingsReader.Read(
                Checkout.PathOf("config/appsettings.json"), [],
                ["Store:Kind=postgres", "Store:ConnectionStrings:0=Host=db.example.com;Database=shop;Username=engine;Password=hunter2"]),
            table);
        Assert.Contains("db.example.com:5432/shop", table.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", table.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("engine;", table.ToString(), StringComparison.Ordinal);
    }

    private static readonly string[] Candidates = ["1", "2", "64", "17m", "3000", "65537", "JPY", "false", "other:9093", "elsewhere", "postgres"];

    private static bool IsChanged(Setting setting, HostSettings after) => !Same(setting.TextOf(HostSettings.Default), setting.TextOf(after));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.Ordinal);

    private static IEnumerable<string> Keys(string section) => SettingList.All.Select(static s => s.Key).Concat(SettingGroup.All.Select(static g => g.Prefix))
        .Where(key => key.StartsWith(section + ":", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    // Spans are written with a unit, so their keys have none.
    private static IEnumerable<string> Options<T>(string section) => typeof(T).GetProperties().Where(static option => option.CanWrite)
        .Select(p => $"{section}:{(!Same(section, "Engine") && p.Name.EndsWith("Ms", StringComparison.Ordinal) ? p.Name[..^2] : p.Name)}").Order(StringComparer.Ordinal);
}
