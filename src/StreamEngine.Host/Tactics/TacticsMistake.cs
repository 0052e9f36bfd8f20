using System.Globalization;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Host.Tactics;

/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Suggestion">What was most likely meant, as it would be written.</param>
public sealed record TacticsMistake(string File, int Line, int Column, string Message, string? Suggestion)
{
    /// <summary>The form that editors and build logs turn into a link: file:line:column: message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Explanation}");

    public string Explanation => Suggestion is null ? Message : $"{Message}; did you mean '{Suggestion}'?";
}

/// <summary>Either a definition and no mistakes, or no definition and every mistake, in the order of the file.</summary>
public sealed record TacticsReadResult(TacticsDefinition? Definition, IReadOnlyList<TacticsMistake> Mistakes);
