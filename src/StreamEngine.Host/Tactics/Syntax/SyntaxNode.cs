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

    /// <summary><c>email:t</c> and <c>do {</c> are words to YAML, and look like keys to everybody else.</summary>
    public bool LacksBlank => IsPlain && Text.AsSpan().ContainsAny(":{");

    /// <summary>Nothing was written, or YAML's word for nothing.</summary>
    public bool IsNothing => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A node that holds others.</summary>
internal abstract class BranchNode(Place at) : SyntaxNode(at)
{
    /// <summary>False where a syntax error hides the rest: what is missing here may stand there.</summary>
    public bool IsComplete { get; set; }

    public abstract SyntaxNode? Last { get; }
}

internal sealed class ListNode(Place at) : BranchNode(at)
{
    public List<SyntaxNode> Items { get; } = [];

    public override string Noun => "a list";

    public override SyntaxNode? Last => Items.Count == 0 ? null : Items[^1];
}

internal readonly record struct MapEntry(ScalarNode Key, SyntaxNode Value);

internal sealed class MapNode(Place at) : BranchNode(at)
{
    public List<MapEntry> Entries { get; } = [];

    public override string Noun => "a group of keys";

    public override SyntaxNode? Last => Entries.Count == 0 ? null : Entries[^1].Value;
}

/// <summary>Something the language does not have, such as an alias. Its mistake is noted; nobody needs to complain about it again.</summary>
internal sealed class RefusedNode(Place at) : SyntaxNode(at)
{
    public override string Noun => "something else";
}
