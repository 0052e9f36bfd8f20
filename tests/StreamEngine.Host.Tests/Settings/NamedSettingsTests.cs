using System.Text.RegularExpressions;
using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Settings;

/// <summary>A message or a page that says which setting to change names one that can be set.</summary>
public sealed partial class NamedSettingsTests
{
    [Fact]
    public void Every_setting_that_the_code_or_a_page_names_is_there()
    {
        var unknown =
            from file in Checkout.Files()
            let path = Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/')
            where path.StartsWith("src/", StringComparison.Ordinal) || path.EndsWith(".md", StringComparison.Ordinal)
            from line in File.ReadLines(file).Select(static (text, index) => (Text: text, Number: index + 1))
            from Match match in Setting().Matches(line.Text)
            where !IsThere(match.Value)
            select $"{path}:{line.Number} names {match.Value}, which cannot be set";
        Assert.Empty(unknown);
    }

    private static bool IsThere(string key) =>
        SettingList.All.Any(setting => setting.Key.Equals(key, StringComparison.Ordinal))
        || SettingGroup.All.Any(group => group.Prefix.TrimEnd(':').Equals(key, StringComparison.Ordinal));

    [GeneratedRegex(@"\b(Kafka|Store|Sessions|Clicks|Tactics|Engine):[A-Z][a-z]\w+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Setting();
}
