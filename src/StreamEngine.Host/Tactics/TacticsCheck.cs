using System.Globalization;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Host.Tactics;

/// <summary>
/// <c>streamengine tactics check FILE</c>: shows every mistake in its line, as a compiler would, or says in plain words what the file does.
/// </summary>
public static class TacticsCheck
{
    public const int Right = 0, Wrong = 1, Unreadable = 2;
    private const int LineLengthMax = 120;

    /// <returns>The exit code.</returns>
    public static int Run(string path, TextWriter output)
    {
        string? text;
        TacticsReadResult result;
        var mistakes = new MistakeList(path);
        try
        {
            text = TacticsFile.ReadText(path, mistakes);
            result = text is null ? new TacticsReadResult(null, mistakes.InOrder()) : TacticsFile.Parse(text, path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            output.WriteLine($"{MistakeList.Printable(path)}: cannot be read: {MistakeList.Printable(failure.Message)}");
            return Unreadable;
        }
        if (result.Definition is { } definition)
        {
            WriteSummary(definition, output);
            return Right;
        }
        WriteMistakes(result.Mistakes, text ?? "", output);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Mistakes.Count} {(result.Mistakes.Count == 1 ? "mistake" : "mistakes")} in {MistakeList.Printable(path)}"));
        return Wrong;
    }

    private static void WriteMistakes(IReadOnlyList<TacticsMistake> mistakes, string text, TextWriter output)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n');
        foreach (var mistake in mistakes)
        {
            output.WriteLine(mistake);
            var line = lines.ElementAtOrDefault(mistake.Line - 1)?.TrimEnd('\r');
            if (!string.IsNullOrWhiteSpace(line))
            {
                WriteLine(line, mistake, output);
            }
            output.WriteLine();
        }
    }

    // A long line is shown from a little before the place that matters.
    private static void WriteLine(string line, TacticsMistake mistake, TextWriter output)
    {
        var column = Math.Min(mistake.Column - 1, line.Length);
        var start = column < LineLengthMax - 20 ? 0 : column - 40;
        var shown = MistakeList.Printable(line.Substring(start, Math.Min(LineLengthMax, line.Length - start)));
        var number = mistake.Line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"  {number} | {shown}");
        output.WriteLine($"  {new string(' ', number.Length)} | {new string(' ', column - start)}^");
    }

    private static void WriteSummary(TacticsDefinition definition, TextWriter output)
    {
        var count = definition.Tactics.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} {(count == 1 ? "tactic" : "tactics")}, version {definition.Version}, hold-out {definition.HoldOutPercent} %:"));
        var width = definition.Tactics.Max(t => t.Name.Length) + 1;
        foreach (var tactic in definition.Tactics)
        {
            output.WriteLine($"  {(tactic.Name + ":").PadRight(width)} {TacticSentence.Of(tactic)}");
        }
    }
}
