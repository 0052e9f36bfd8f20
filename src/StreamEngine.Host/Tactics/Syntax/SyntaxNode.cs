namespace StreamEngine.Host.Tactics.Syntax;

/// <summary>A position in the file, both from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>What the file says before anybody asks what it means; every part knows its place.</summary>
internal abstract class SyntaxNode(Place at)
{
    public Place At { get; } = at;

    /// <summary>As it stands in a sentence: "a list stands where ... belongs".</summary>
    public abstract string Noun { get; }
}

internal sealed class ScalarNode(Place at, string text, bool isPlain) : SyntaxNode(at)
{
    public string Text { get; } = text;

    /// <summary>Without quotes: <c>5</c> is a number only then.</summary>
    public bool IsPlain { get; } = isPlain;

    public override string Noun => "a single value";

    /// <summary>Nothing was written, or YAML's word for nothing.</summary>
    public bool IsNothing => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed class ListNode(Place at) : SyntaxNode(at)
{
    public List<SyntaxNode> Items { get; } = [];

    public override string Noun => "a list";
}

internal readonly record struct MapEntry(ScalarNode Key, SyntaxNode Value);

internal sealed class MapNode(Place at) : SyntaxNode(at)
{
    public List<MapEntry> Entries { get; } = [];

    /// <summary>False where a syntax error hides the rest: what is missing here may stand there.</summary>
    public bool IsComplete { get; set; }

    public override string Noun => "a group of keys";
}

/// <summary>Something the language does not have, such as an alias. Its mistake is noted; nobody needs to complain about it again.</summary>
internal sealed class RefusedNode(Place at) : SyntaxNode(at)
{
    public override string Noun => "something else";
}
