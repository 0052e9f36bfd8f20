namespace StreamEngine.Host.Tactics.Syntax;

/// <summary>YAML forbids tabs as indentation, and its parsers say so in ways nobody understands; an editor shows nothing.</summary>
internal static class IndentationTabs
{
    /// <returns>True where there was one: what belongs to what cannot be known then.</returns>
    public static bool Note(string text, MistakeList mistakes)
    {
        var found = false;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var content = line.TrimStart(" \t");
            var tab = line[..^content.Length].IndexOf('\t');
            if (tab >= 0 && !content.IsEmpty && content[0] != '#')
            {
                mistakes.Add(new Place(number, tab + 1), "a tab indents this line: YAML wants spaces, so replace it by two of them");
                found = true;
            }
        }
        return found;
    }
}
