namespace StreamEngine.Host.Settings;

/// <summary>What was read, and from where.</summary>
/// <param name="Entries">The entry in force of every key that was set, by key; keys that are not here have their default.</param>
public sealed record SettingsFound(HostSettings Settings, IReadOnlyDictionary<string, SettingEntry> Entries);

/// <summary>Makes settings of what the sources say: a later source wins, and every mistake is found before anything is said.</summary>
public static class SettingsReader
{
    /// <param name="configPath">Null for the default file, which may be missing.</param>
    /// <exception cref="SettingsException">Something is wrong; it lists all that is.</exception>
    public static SettingsFound Read(string? configPath, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> sets)
    {
        var mistakes = new List<string>();
        var inForce = new SortedDictionary<string, SettingEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in SettingSources.File(configPath, mistakes.Add)
            .Concat(SettingSources.Environment(environment, mistakes.Add))
            .Concat(SettingSources.Arguments(sets, mistakes.Add)))
        {
            // A misspelled key is a mistake even where a later source spells it right; a wrong value that is overruled is not.
            if (SettingKeys.Find(entry.Key) is null && SettingKeys.FindGroup(entry.Key) is null)
            {
                mistakes.Add($"{entry.Origin}: {entry.Key} {SettingKeys.WhyUnknown(entry.Key)}");
                continue;
            }
            inForce[entry.Key] = entry;
        }
        var settings = Apply(inForce, mistakes);
        mistakes.AddRange(SettingRules.Broken(settings));
        return mistakes.Count == 0 ? new SettingsFound(settings, inForce) : throw new SettingsException(mistakes);
    }

    private static HostSettings Apply(SortedDictionary<string, SettingEntry> inForce, List<string> mistakes)
    {
        var settings = HostSettings.Default;
        foreach (var entry in inForce.Values)
        {
            if (SettingKeys.Find(entry.Key) is { } setting && !setting.TryApply(entry.Text, settings, out settings))
            {
                mistakes.Add($"{entry.Origin}: {setting.Key} is '{entry.Text}'; write {setting.Right}");
            }
        }
        foreach (var group in SettingGroup.All)
        {
            var entries = inForce.Values.Where(entry => SettingKeys.FindGroup(entry.Key) == group).Select(entry => entry with
            {
                // Client names have dots and event names spaces, neither has colons.
                Key = group.Prefix + entry.Key[group.Prefix.Length..],
            }).ToList();
            if (entries.Count > 0)
            {
                settings = group.With(settings, entries, (entry, wrong) => mistakes.Add($"{entry.Origin}: {entry.Key} {wrong}"));
            }
        }
        return settings;
    }
}
