namespace StreamEngine.Host.Settings;

/// <summary>Tells known keys from unknown ones. Case does not count.</summary>
public static class SettingKeys
{
    private static readonly Dictionary<string, Setting> Settings = SettingList.All.ToDictionary(static s => s.Key, StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Sections = new(
        [.. SettingList.All.Select(static s => s.Key.Split(':')[0]), .. SettingGroup.All.Select(static g => g.Prefix)], StringComparer.OrdinalIgnoreCase);

    public static bool IsSection(string key) => Sections.Contains(key);

    public static Setting? Find(string key) => Settings.GetValueOrDefault(key);

    public static SettingGroup? FindGroup(string key) => SettingGroup.All.FirstOrDefault(group =>
        key.StartsWith(group.Prefix + ":", StringComparison.OrdinalIgnoreCase) && key.Length > group.Prefix.Length + 1);

    /// <returns>What is wrong with an unknown key, as the end of "...: key ".</returns>
    public static string WhyUnknown(string key)
    {
        if (IsSection(key))
        {
            return $"is a section, not a setting; write a key below it, such as {key}:{(SettingGroup.All.Any(g => Same(g.Prefix, key)) ? "name" : FirstOf(key))}";
        }
        var groupEntry = SettingGroup.All.Select(static g => g.Prefix).FirstOrDefault(prefix =>
            key.LastIndexOf(':') is > 0 and var end && NearestSpelling.Of(key[..end], [prefix]) is not null);
        var near = NearestSpelling.Of(key, [.. Settings.Keys, .. Sections]) ?? (groupEntry is null ? null : groupEntry + key[key.LastIndexOf(':')..]);
        return near is null
            ? "is no setting; 'streamengine settings' lists all there are"
            : $"is no setting; did you mean {near}?";
    }

    private static string FirstOf(string section) =>
        SettingList.All.First(s => s.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)).Key[(section.Length + 1)..];

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
