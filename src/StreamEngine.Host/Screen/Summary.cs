using System.Globalization;
using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Screen;

/// <summary>What a job did, at its end: a table for people or JSON for machines.</summary>
public static class Summary
{
    public static void Write(TextWriter output, string heading, EngineSnapshot now, TimeSpan elapsed, IEnumerable<(string Name, string Value)>? more = null)
    {
        output.WriteLine(heading);
        Row("clicks", string.Create(CultureInfo.InvariantCulture, $"{now.Clicks:N0} in {elapsed.TotalSeconds:0.0} s ({now.Clicks / Math.Max(elapsed.TotalSeconds, 0.001):N0}/s)"));
        foreach (var (verdict, count) in now.Verdicts.Where(static v => v.Count > 0))
        {
            Row("  " + verdict.ToString().ToLowerInvariant(), Dashboard.N(count));
        }
        Row("sessions", Dashboard.N(now.Sessions.Sum(static s => s.Count)));
        foreach (var (phase, count) in now.Sessions.Where(static s => s.Count > 0))
        {
            Row("  " + phase.ToString().ToLowerInvariant(), Dashboard.N(count));
        }
        if (now.BrowsersDropped > 0)
        {
            Row("  forgotten above Engine:BrowsersMax", Dashboard.N(now.BrowsersDropped));
        }
        Row("deadlines fired", Dashboard.N(now.DeadlinesFired));
        Row("commits", Dashboard.N(now.Commits));
        if (now.MisroutedKeys > 0)
        {
            Row("misrouted keys (of a sample of 1 in 64)", Dashboard.N(now.MisroutedKeys));
        }
        Row("actions", Dashboard.N(now.EmittedActions));
        foreach (var (name, count) in now.Actions)
        {
            Row("  " + name, Dashboard.N(count));
        }
        if (now.MisroutedKeys > 0)
        {
            Row("keys in a wrong partition (of a sample)", Dashboard.N(now.MisroutedKeys));
        }
        foreach (var (shard, reason) in now.Stopped)
        {
            Row(string.Create(CultureInfo.InvariantCulture, $"shard {shard} stands still"), reason);
        }
        foreach (var (name, value) in more ?? [])
        {
            Row(name, value);
        }

        void Row(string name, string value) => output.WriteLine($"  {name,-42} {value}");
    }

    public static void WriteJson(TextWriter output, EngineSnapshot now, TimeSpan elapsed, IReadOnlyDictionary<string, long>? more = null)
    {
        var document = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["clicks"] = now.Clicks,
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
            ["verdicts"] = now.Verdicts.ToDictionary(static v => Name(v.Verdict), static v => v.Count, StringComparer.Ordinal),
            ["sessions"] = now.Sessions.ToDictionary(static s => s.Phase.ToString().ToLowerInvariant(), static s => s.Count, StringComparer.Ordinal),
            ["deadlinesFired"] = now.DeadlinesFired,
            ["commits"] = now.Commits,
            ["browsersDropped"] = now.BrowsersDropped,
            ["misroutedKeysSampled"] = now.MisroutedKeys,
            ["actions"] = now.Actions.ToDictionary(static a => a.Name, static a => a.Count, StringComparer.Ordinal),
            ["published"] = now.Published,
        };
        foreach (var (name, value) in more ?? new Dictionary<string, long>(StringComparer.Ordinal))
        {
            document[name] = value;
        }
        output.WriteLine(JsonSerializer.Serialize(document, JsonSerializerOptions.Web));

        static string Name(Verdict verdict) => verdict.ToString().ToLowerInvariant();
    }
}
