using System.Text;
using System.Text.Json;
using StreamEngine.Host.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Clickstreams;

/// <summary>A click read back from its JSON by another reader than the engine's.</summary>
internal sealed record ReadClick(string Key, long TimeMs, string Name, string MessageId, DateTimeOffset Timestamp, JsonElement Message)
{
    public JsonElement Properties => Message.GetProperty("properties");

    public static ReadClick Of(RawClick click)
    {
        using var document = JsonDocument.Parse(click.Value);
        var message = document.RootElement.Clone();
        var key = Encoding.UTF8.GetString(click.Key);
        Assert.Equal(key, message.GetProperty("anonymousId").GetString());
        var name = message.GetProperty("type").GetString() switch
        {
            "track" => message.GetProperty("event").GetString()!,
            "page" => "page " + message.GetProperty("name").GetString(),
            var type => type!,
        };
        return new ReadClick(key, click.TimeMs, name, message.GetProperty("messageId").GetString()!, message.GetProperty("timestamp").GetDateTimeOffset(), message);
    }

    public static List<ReadClick> All(ClickstreamFile file)
    {
        var clicks = new List<ReadClick>();
        while (file.TryNext(out var click))
        {
            clicks.Add(Of(click));
        }
        return clicks;
    }

    public static Dictionary<string, int> CountByName(IEnumerable<ReadClick> clicks) =>
        clicks.GroupBy(click => click.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
