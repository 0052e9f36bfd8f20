namespace StreamEngine.Host.Settings;

/// <summary>Writes the list of settings for people.</summary>
public static class SettingsTable
{
    /// <summary>What is in force and where it comes from. Secrets are hidden.</summary>
    public static void WriteInForce(SettingsFound found, TextWriter output)
    {
        List<string[]> rows = [["Setting", "Value", "From", "Meaning"]];
        foreach (var setting in SettingList.All)
        {
            var from = found.Entries.TryGetValue(setting.Key, out var entry) ? entry.Origin : "default";
            rows.Add([setting.Key, setting.TextOf(found.Settings), from, setting.Doc]);
        }
        foreach (var group in SettingGroup.All)
        {
            var entries = found.Entries.Values.Where(entry => SettingKeys.FindGroup(entry.Key) == group).ToList();
            rows.Add([group.Prefix + ":*", entries.Count == 0 ? group.DefaultText : "as follows", entries.Count == 0 ? "default" : "", group.Doc]);
            rows.AddRange(entries.Select(entry => (string[])["  " + entry.Key, group.Show(entry), entry.Origin, ""]));
        }
        WriteColumns(rows, output);
    }

    /// <summary>The reference page: every setting, what it may hold, its default.</summary>
    public static void WriteMarkdown(TextWriter output)
    {
        output.WriteLine("| Setting | Default | Write | Meaning |");
        output.WriteLine("|---|---|---|---|");
        foreach (var setting in SettingList.All)
        {
            output.WriteLine($"| `{setting.Key}` | `{setting.TextOf(HostSettings.Default)}` | {setting.Right} | {setting.Doc} |");
        }
        foreach (var group in SettingGroup.All)
        {
            output.WriteLine($"| `{group.Prefix}:*` | {group.DefaultText} | {group.Right} | {group.Doc} |");
        }
    }

    // The last column runs free.
    private static void WriteColumns(List<string[]> rows, TextWriter output)
    {
        var widths = Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell);
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
