using System.Globalization;
using System.Text;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle.Tests;

/// <summary>One record and how it arrives.</summary>
/// <param name="GapMs">Time since the step before.</param>
/// <param name="AgoMs">How long before its arrival the browser says it happened; negative for a clock that runs ahead, null where it says nothing.</param>
/// <param name="IsLookedFirst">The engine looks at the clock once more before the record comes, so that deadlines of this instant fire from the wheel and not ahead of the click.</param>
public sealed record Step(long GapMs, string Visitor, string Type, string Event, string Properties, string? MessageId, long? AgoMs, bool IsLookedFirst)
{
    public byte[] Value(long nowMs)
    {
        var json = new StringBuilder($"{{\"type\":\"{Type}\"");
        json.Append(Type is "track" ? $",\"event\":\"{Event}\",\"properties\":{Properties}"
            : Type is "page" ? $",\"name\":\"{Event}\",\"context\":{Properties}"
            : $",\"traits\":{Properties}");
        if (MessageId is not null)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"messageId\":\"{MessageId}\"");
        }
        if (AgoMs is { } ago)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"timestamp\":\"{DateTimeOffset.FromUnixTimeMilliseconds(nowMs - ago):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"");
        }
        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }

    public override string ToString()
    {
        var text = $"+{TimeSpan.FromMilliseconds(GapMs):c} {Visitor} {(Type is "identify" ? Type : Event)} {Properties}";
        text += MessageId is null ? "" : $" #{MessageId}";
        text += AgoMs is { } ago ? $" happened {ago} ms ago" : "";
        return text + (IsLookedFirst ? " (after a look at the clock)" : "");
    }
}

/// <summary>A shop's rules and what its visitors did. Virtual time; all of it in one partition.</summary>
/// <param name="DownBefore">Steps before which the engine was killed and started again, having slept through the step's gap.</param>
public sealed record Story(TacticsDefinition Tactics, SessionOptions Options, IReadOnlyList<Step> Steps, IReadOnlySet<int> DownBefore)
{
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine();
        for (var i = 0; i < Steps.Count; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{i,3} {(DownBefore.Contains(i) ? "restart " : "")}{Steps[i]}");
        }
        text.AppendJoin('\n', Tactics.Tactics.Select(t => $"    {t.Name}: {t.On} limits {t.Limits}"));
        return text.ToString();
    }
}
