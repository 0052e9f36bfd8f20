using System.Text.RegularExpressions;
using Xunit;

namespace StreamEngine.Host.Tests;

/// <summary>House rules that no compiler checks.</summary>
public sealed partial class TidyTests
{
    private static readonly string[] Text = [".cs", ".csproj", ".props", ".md", ".json", ".yaml", ".yml", ".sh", "", ".txt", ".editorconfig"];

    // Put together from halves: this file must pass, too.
    private static readonly (string Banned, string Instead)[] Bans =
    [
        ("TO" + "DO", "do it, or write it into an issue"),
        ("FIX" + "ME", "fix it, or write it into an issue"),
        ("#pragma " + "warning disable", "mend what the warning says"),
        ("Suppress" + "Message", "mend what the warning says"),
        ("#" + "region", "split the file"),
        ("NotImplemented" + "Exception", "implement it, or leave it out"),
    ];

    [Fact]
    public void No_file_holds_what_was_left_for_later_or_muted()
    {
        var found =
            from file in Checkout.Files()
            where Text.Contains(Path.GetExtension(file), StringComparer.Ordinal)
            from line in File.ReadLines(file).Select(static (text, index) => (Text: text, Number: index + 1))
            from ban in Bans
            where line.Text.Contains(ban.Banned, StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Checkout.Root, file)}:{line.Number} has '{ban.Banned}': {ban.Instead}";
        Assert.Empty(found);
    }

    [Fact]
    public void Every_link_in_the_documents_leads_to_a_file()
    {
        var broken =
            from file in Checkout.Files()
            where file.EndsWith(".md", StringComparison.Ordinal)
            from Match link in Link().Matches(File.ReadAllText(file))
            let target = link.Groups["target"].Value
            where !target.Contains(':', StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(target)))
            select $"{Path.GetRelativePath(Checkout.Root, file)} links to {target}, which is not there";
        Assert.Empty(broken);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Checkout.Files().Where(static file => file.EndsWith(".cs", StringComparison.Ordinal) && File.ReadLines(file).Count() > 400);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_two_messages_in_the_logs_have_the_same_number()
    {
        var messages =
            from file in Checkout.Files()
            where file.EndsWith(".cs", StringComparison.Ordinal)
            from Match message in LogNumber().Matches(File.ReadAllText(file))
            select (Number: message.Groups["number"].Value, File: Path.GetRelativePath(Checkout.Root, file));
        var twice = messages.GroupBy(static message => message.Number, static message => message.File, StringComparer.Ordinal)
            .Where(static files => files.Count() > 1)
            .Select(static files => $"{files.Key} is in {string.Join(" and ", files)}");
        Assert.Empty(twice);
    }

    // The path of [text](path#anchor); an anchor alone stays in its file.
    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)\s]*)?\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"LoggerMessage\((?<number>\d+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LogNumber();
}
