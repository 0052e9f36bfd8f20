using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics;

/// <summary>Collects what is wrong with one file: reading goes on after a mistake, so that a retailer mends all of them at once.</summary>
internal sealed class MistakeList(string file)
{
    private const int QuoteLengthMax = 40;
    private readonly List<TacticsMistake> _mistakes = [];

    public int Count => _mistakes.Count;

    public void Add(Place at, string message, string? suggestion = null) =>
        _mistakes.Add(new TacticsMistake(file, at.Line, at.Column, message, suggestion));

    public IReadOnlyList<TacticsMistake> InOrder() => [.. _mistakes.OrderBy(m => m.Line).ThenBy(m => m.Column)];

    /// <summary>What was found, short and on one line, whatever the file holds.</summary>
    public static string Quote(string found)
    {
        var start = found.Length <= QuoteLengthMax ? found : string.Concat(found.AsSpan(0, QuoteLengthMax), "...");
        return $"'{Printable(start)}'";
    }

    /// <summary>Control characters would move the cursor or colour the terminal of whoever reads the message.</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (printable, text) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            printable[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }
    });
}
