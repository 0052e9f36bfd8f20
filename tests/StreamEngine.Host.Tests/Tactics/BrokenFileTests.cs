using System.Text;
using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>Files that are not YAML, not text, or not meant well.</summary>
public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   \n\n")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n...\n")]
    [InlineData("~\n")]
    public void An_empty_file_is_one_mistake_at_its_start(string yaml)
    {
        var mistake = Assert.Single(TacticsFile.Parse(yaml, "t.yaml").Mistakes);
        Assert.Equal("t.yaml:1:1: the file holds no tactics: begin with version: \"2026-11-01\" and a list of 'tactics:'", mistake.ToString());
    }

    [Theory]
    [InlineData("- a\n- b\n", "a list stands where the tactics file belongs")]
    [InlineData("hello\n", "a single value stands where the tactics file belongs")]
    [InlineData("version: v1\ntactics: []\n", "a list of tactics is too short")]
    [InlineData("version: v1\ntactics: {}\n", "a group of keys stands where a list of tactics belongs")]
    public void Another_kind_of_file_is_refused(string yaml, string message) =>
        Assert.Contains(message, Assert.Single(TacticsFile.Parse(yaml, "t.yaml").Mistakes).Message, StringComparison.Ordinal);

    [Fact]
    public void Tabs_are_shown_where_they_stand_and_no_riddles_are_added()
    {
        var mistakes = TacticsFile.Parse("version: v1\ntactics:\n\t- name: a\n  \ton: exit_intent\n\t# a comment may\n", "t.yaml").Mistakes;
        Assert.Equal([(3, 1), (4, 3)], mistakes.Select(m => (m.Line, m.Column)));
        Assert.All(mistakes, m => Assert.Contains("a tab indents this line", m.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_range_without_quotes_is_explained()
    {
        const string Yaml = "version: v1\ntactics:\n  - name: a\n    on: exit_intent\n    do: { email: t }\n    if:\n      value: >= 500\n";
        var mistake = Assert.Single(TacticsFile.Parse(Yaml, "t.yaml").Mistakes);
        Assert.Equal(7, mistake.Line);
        Assert.Contains("a range that begins with '>' needs quotes: value: \">= 500\"", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("    if: { value: >= 500 }\n", "needs quotes: value: \">= 500\"")]
    [InlineData("    if: { value: \">= 500 }\n", "a quote is opened here and not closed")]
    [InlineData("    if: { value: 20..500\n", "a comma is missing before this, or a bracket is not closed")]
    [InlineData("   if: exit_intent\n", "is this line indented as it should be")]
    [InlineData("  if: exit_intent\n", "is this line indented as it should be")]
    [InlineData("    if: a: b\n", "is this line indented as it should be")]
    [InlineData("    if: @x\n", "a value that begins with such a sign needs quotes")]
    [InlineData("    if: %x\n", "a value that begins with such a sign needs quotes")]
    [InlineData("    if: { phase: [carting }\n", "a comma is missing before this, or a bracket is not closed")]
    [InlineData("    if: { phase: [carting\n  - name: b\n", "a bracket or a quote that is opened further up is not closed")]
    [InlineData("    do: { email: &x mail, delay: 2m }\n", "a tactics file has no anchors (&x) and no aliases (*x)")]
    public void A_syntax_error_is_explained_and_does_not_hide_the_mistakes_before_it(string broken, string hint)
    {
        var mistakes = TacticsFile.Parse("version: v1\nholdout: 10\ntactics:\n  - name: a\n    on: exit-intnt\n" + broken, "t.yaml").Mistakes;
        Assert.Equal([(2, 10), (5, 9)], mistakes.Take(2).Select(m => (m.Line, m.Column)));
        Assert.Equal(3, mistakes.Count);
        Assert.StartsWith("this is not YAML: ", mistakes[2].Message, StringComparison.Ordinal);
        Assert.Contains(hint, mistakes[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_syntax_error_does_not_make_what_stands_behind_it_missing()
    {
        const string Yaml = "tactics:\n  - name: a\n    instead: later\n    if: { phase: [carting\n  - name: later\nversion: v1\n";
        Assert.StartsWith("this is not YAML: ", Assert.Single(TacticsFile.Parse(Yaml, "t.yaml").Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_document_is_refused()
    {
        const string One = "version: v1\ntactics: [{ name: a, on: exit_intent, do: { email: t } }]\n";
        Assert.Empty(TacticsFile.Parse($"---\n{One}...\n", "t.yaml").Mistakes);
        var mistake = Assert.Single(TacticsFile.Parse($"{One}---\n{One}", "t.yaml").Mistakes);
        Assert.Equal((3, "a second document begins here, but a tactics file is one: remove the '---'"), (mistake.Line, mistake.Message));
    }

    [Theory]
    [InlineData("[", 12)]
    [InlineData("[\n", 12)]
    [InlineData("{a: ", 12)]
    [InlineData("- ", 12)]
    public void Deep_nesting_ends_the_reading_at_once(string level, int depthMax)
    {
        var deep = string.Concat(Enumerable.Repeat(level, TacticsFile.BytesMax / level.Length));
        var mistakes = TacticsFile.Parse(deep, "t.yaml").Mistakes;
        Assert.Contains(mistakes, m => m.Message.Contains($"more than {depthMax} deep", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alias_bomb_stays_as_small_as_it_is_written()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 60; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        }
        var mistakes = TacticsFile.Parse(bomb.ToString(), "t.yaml").Mistakes;
        Assert.Equal(118, mistakes.Count(m => m.Message.Contains("is an alias", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread()
    {
        var mistake = Assert.Single(TacticsFile.Parse(new string('#', TacticsFile.BytesMax + 1), "t.yaml").Mistakes);
        Assert.Contains("larger than 1024 KB", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("a: 1\n")]
    [InlineData("- a\n")]
    [InlineData("\0")]
    [InlineData("\"\\")]
    [InlineData("a")]
    [InlineData(": ")]
    [InlineData("? ")]
    [InlineData("&a ")]
    [InlineData("'")]
    [InlineData("\r")]
    [InlineData(" \n")]
    [InlineData("%")]
    [InlineData("{a,")]
    public void A_quarter_megabyte_of_anything_is_answered(string part) =>
        Assert.NotEmpty(TacticsFile.Parse(string.Concat(Enumerable.Repeat(part, TacticsFile.BytesMax / 4 / part.Length)), "t.yaml").Mistakes);

    [Fact]
    public void Found_text_is_shortened_and_cannot_move_the_cursor()
    {
        var mistakes = TacticsFile.Parse($"version: v1\n\"\\e[31m{new string('x', 5000)}\": 1\ntactics: [{{ name: a, on: exit_intent, do: {{ email: t }} }}]\n", "t.yaml").Mistakes;
        var message = Assert.Single(mistakes).ToString();
        Assert.DoesNotContain('\u001b', message);
        Assert.True(message.Length < 200, message);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_pointed_at()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        try
        {
            File.WriteAllBytes(path, [.. "version: v1\n# caf"u8, 0xE9, .. "\n"u8]);
            var mistake = Assert.Single(TacticsFile.Read(path).Mistakes);
            Assert.Equal((path, 2), (mistake.File, mistake.Line));
            Assert.Contains("UTF-8", mistake.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_a_mistake_of_the_file() =>
        Assert.Throws<FileNotFoundException>(() => TacticsFile.Read(Path.Combine(Path.GetTempPath(), "no-such-tactics.yaml")));
}
