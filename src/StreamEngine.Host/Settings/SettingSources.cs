using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace StreamEngine.Host.Settings;

/// <summary>One value somebody wrote.</summary>
/// <param name="Key">With ':' between its parts, spelled as it was found.</param>
/// <param name="Origin">Where to look for it, as the start of a message.</param>
public sealed record SettingEntry(string Key, string Text, string Origin)
{
    /// <summary>The part after the last section.</summary>
    public string Name => Key[(Key.LastIndexOf(':') + 1)..];
}

/// <summary>Reads what each source says, in the words of the source; what it means is not judged here.</summary>
public static class SettingSources
{
    public const string ConfigPathDefault = "config/appsettings.json";
    private const string Prefix = "STREAMENGINE_";

    /// <param name="path">Null for the default file, which may be missing.</param>
    public static IEnumerable<SettingEntry> File(string? path, Action<string> mistake)
    {
        var file = path ?? ConfigPathDefault;
        try
        {
            using var stream = System.IO.File.OpenRead(file);
            return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()
                // An object's own key has no value, an empty array's has an empty one, and a null in the file says "as if it were not here".
                .Where(static pair => pair.Value is not null && !(pair.Value.Length == 0 && SettingKeys.IsSection(pair.Key)))
                .Select(pair => new SettingEntry(pair.Key, pair.Value!, file))];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && path is null)
        {
            return [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            mistake($"--config: there is no file {file}; write the path of a JSON file, or leave --config out for {ConfigPathDefault}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistake($"{file}: it cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            // The parser's own message quotes the file, and with it perhaps a password.
            mistake($"{file}, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: this is not JSON; look for a comma, quote or bracket too many or too few");
        }
        catch (FormatException e)
        {
            mistake($"{file}: {e.Message}");
        }
        return [];
    }

    /// <summary>STREAMENGINE_Section__Key. Variables without "__" are not settings, except where one underscore was forgotten.</summary>
    public static IEnumerable<SettingEntry> Environment(IEnumerable<KeyValuePair<string, string>> variables, Action<string> mistake)
    {
        var spelled = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (variable, text) in variables.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            var key = variable[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            if (!key.Contains(':', StringComparison.Ordinal))
            {
                if (SettingKeys.IsSection(key.Split('_')[0]))
                {
                    mistake($"environment variable {variable}: write two underscores between the parts of a key, such as {Prefix}Kafka__GroupId");
                }
                continue;
            }
            if (spelled.TryGetValue(key, out var other))
            {
                mistake($"environment variable {variable}: {other} sets the same; leave one out");
                continue;
            }
            spelled[key] = variable;
            yield return new SettingEntry(key, text, $"environment variable {variable}");
        }
    }

    /// <summary>Section:Key=value, the last one of a key wins.</summary>
    public static IEnumerable<SettingEntry> Arguments(IEnumerable<string> sets, Action<string> mistake)
    {
        foreach (var set in sets)
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                mistake($"--set {(ClientKeys.IsSecret(set) ? "(hidden)" : set)}: write Section:Key=value, such as --set Kafka:GroupId=shop");
                continue;
            }
            yield return new SettingEntry(set[..equals].Trim(), set[(equals + 1)..], "--set");
        }
    }
}
