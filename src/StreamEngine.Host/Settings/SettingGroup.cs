using System.Globalization;
using StreamEngine.Carts.Clicks;
using StreamEngine.Storage.Postgres;

namespace StreamEngine.Host.Settings;

/// <summary>A section whose keys are free: what follows the prefix is a name of the operator's or of the client library.</summary>
/// <param name="Prefix">"Section:Group"; entries are "Section:Group:name".</param>
/// <param name="Right">What an entry's value may be, as the end of "write ...".</param>
/// <param name="With">Takes all entries (name, text) that were set, and says through <c>mistake</c> which are wrong and why.</param>
public sealed record SettingGroup(
    string Prefix, string Right, string DefaultText, string Doc,
    Func<HostSettings, IReadOnlyList<SettingEntry>, Action<SettingEntry, string>, HostSettings> With)
{
    /// <summary>An entry's text as it may be shown.</summary>
    public Func<SettingEntry, string> Show { get; private init; } = static entry => entry.Text;

    public static IReadOnlyList<SettingGroup> All { get; } =
    [
        new("Kafka:Client", "a setting of librdkafka", "none",
            "Passed through to the client library, such as security.protocol (or security_protocol, where a shell allows no dots).", WithClient)
        {
            Show = static entry => ClientKeys.IsSecret(entry.Name.Replace('_', '.')) ? "(hidden)" : entry.Text,
        },
        new("Clicks:EventAliases", "the event that is meant, such as CheckoutStarted", "none",
            "Further event names: Clicks:EventAliases:Quote Requested = CheckoutStarted.", WithEventAliases),
        new("Clicks:PagePatterns", "text = page type, such as basket = Cart", "built in",
            "Tells a page's type from its name, path or category; an ordered list (0, 1, ...) that replaces the built-in one, first match wins.", WithPagePatterns),
        new("Store:ConnectionStrings", "a connection string, such as Host=db;Database=shop;Username=shop", "none",
            "PostgreSQL servers, in a list (0, 1, ...) that is fixed with the first start: shard n lives on server n modulo their number. Only host, port and database are ever shown.",
            WithConnectionStrings)
        {
            Show = static entry => ServerAddress.Name(entry.Text),
        },
    ];

    private static HostSettings WithClient(HostSettings before, IReadOnlyList<SettingEntry> entries, Action<SettingEntry, string> mistake)
    {
        var client = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            // The library's names are lower case with dots; environment variables like neither.
            var name = entry.Name.ToLowerInvariant().Replace('_', '.');
            if (ClientKeys.Reserved(name) is { } why)
            {
                mistake(entry, $"is not free: {why}");
            }
            else if (!client.TryAdd(name, entry.Text))
            {
                mistake(entry, $"sets {name} a second time: leave one out");
            }
        }
        return before with { Kafka = before.Kafka with { Client = client } };
    }

    private static HostSettings WithEventAliases(HostSettings before, IReadOnlyList<SettingEntry> entries, Action<SettingEntry, string> mistake)
    {
        var aliases = new Dictionary<string, ClickKind>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (TryParseName<ClickKind>(entry.Text, out var kind) && kind != ClickKind.None)
            {
                aliases[entry.Name] = kind;
            }
            else
            {
                mistake(entry, $"is '{entry.Text}'; {Names<ClickKind>("an event", entry.Text)}");
            }
        }
        return before with { Clicks = before.Clicks with { EventAliases = aliases } };
    }

    private static HostSettings WithPagePatterns(HostSettings before, IReadOnlyList<SettingEntry> entries, Action<SettingEntry, string> mistake)
    {
        var patterns = new SortedDictionary<int, PagePattern>();
        foreach (var entry in entries)
        {
            var equals = entry.Text.LastIndexOf('=');
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            {
                mistake(entry, "is no place in the list: number the patterns 0, 1, 2 and so on");
            }
            else if (equals < 0 || entry.Text[..equals].Trim() is not { Length: > 0 } text)
            {
                mistake(entry, $"is '{entry.Text}'; write text = page type, such as basket = Cart");
            }
            else if (!TryParseName<PageType>(entry.Text[(equals + 1)..], out var type) || type == PageType.None)
            {
                mistake(entry, $"is '{entry.Text}'; {Names<PageType>("a page type", entry.Text[(equals + 1)..])}");
            }
            else
            {
                patterns[place] = new PagePattern(text, type);
            }
        }
        return before with { Clicks = before.Clicks with { PagePatterns = [.. patterns.Values] } };
    }

    private static HostSettings WithConnectionStrings(HostSettings before, IReadOnlyList<SettingEntry> entries, Action<SettingEntry, string> mistake)
    {
        var servers = new SortedDictionary<int, string>();
        foreach (var entry in entries)
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place >= entries.Count)
            {
                mistake(entry, "is no place in the list: number the servers 0, 1, 2 and so on, and leave none out");
            }
            else if (ServerAddress.Mistake(entry.Text) is { } wrong)
            {
                mistake(entry, wrong);
            }
            else
            {
                servers[place] = entry.Text;
            }
        }
        return before with { Store = before.Store with { ConnectionStrings = [.. servers.Values] } };
    }

    // "Checkout Started" and "checkout_started" are CheckoutStarted; a number is nothing.
    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum
    {
        var name = string.Concat(text.Where(char.IsAsciiLetter));
        return Enum.TryParse(name, ignoreCase: true, out value) && Enum.IsDefined(value);
    }

    // All of them where they are few, else the nearest.
    private static string Names<T>(string what, string text)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Where(static name => name is not "None").ToList();
        return NearestSpelling.Of(text.Trim(), names) is { } near ? $"did you mean {near}?"
            : names.Count <= 10 ? $"write {what}: {string.Join(", ", names)}"
            : $"write {what}, such as {names[names.Count / 2]}";
    }
}
