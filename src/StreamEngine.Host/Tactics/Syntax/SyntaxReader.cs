using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StreamEngine.Host.Tactics.Syntax;

/// <summary>
/// YAML to a tree of places. On YamlDotNet's events and not on its documents, because those stop at the first doubled key and
/// resolve aliases, with which a small file can become a huge one. A syntax error leaves what stands before it.
/// </summary>
internal sealed class SyntaxReader
{
    /// <summary>A right file needs 6 levels.</summary>
    public const int DepthMax = 12;

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly MistakeList _mistakes;

    private SyntaxReader(string text, MistakeList mistakes)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        _mistakes = mistakes;
    }

    /// <returns>Null where the file holds nothing.</returns>
    public static SyntaxNode? Read(string text, MistakeList mistakes)
    {
        if (IndentationTabs.Note(text, mistakes))
        {
            return null;
        }
        var reader = new SyntaxReader(text, mistakes);
        SyntaxNode? root = null;
        try
        {
            reader.ReadStream(node => root ??= node);
        }
        catch (YamlException broken)
        {
            mistakes.Add(PlaceOf(broken.Start), SyntaxErrors.Explain(broken, text));
            CutOff(root);
        }
        return root;
    }

    // A wrong indentation ends groups before it is an error: those on the way to the last node are not what was meant, either.
    private static void CutOff(SyntaxNode? root)
    {
        for (var node = root; node is BranchNode branch; node = branch.Last)
        {
            branch.IsComplete = false;
        }
    }

    private void ReadStream(Action<SyntaxNode> begin)
    {
        while (Next() is not (DocumentStart or StreamEnd))
        {
            // The start of the stream says nothing.
        }
        if (_parser.Current is StreamEnd)
        {
            return;
        }
        ReadNode(Next(), 1, begin);
        Next(); // the end of the document
        if (Next() is DocumentStart second)
        {
            _mistakes.Add(PlaceOf(second.Start), "a second document begins here, but a tactics file is one: remove the '---'");
        }
    }

    // Without looking ahead: an error right behind an event must not hide the event.
    private ParsingEvent Next()
    {
        bool isThere;
        try
        {
            isThere = _parser.MoveNext();
        }
        // YamlDotNet 16.3 throws this, and not its own exception, where a list item follows an open bracket.
        catch (InvalidOperationException)
        {
            throw new SemanticErrorException(_scanner.CurrentPosition, _scanner.CurrentPosition, SyntaxErrors.Stumbled);
        }
        return isThere ? _parser.Current! : throw new InvalidOperationException("the YAML parser ended before its end of stream");
    }

    /// <param name="begin">Is handed the node as soon as it begins, so that a syntax error inside does not lose it.</param>
    private void ReadNode(ParsingEvent start, int depth, Action<SyntaxNode> begin)
    {
        var at = PlaceOf(start.Start);
        if (start is AnchorAlias alias)
        {
            _mistakes.Add(at, $"'*{alias.Value}' is an alias, which a tactics file does not have: write the value out");
            begin(new RefusedNode(at));
            return;
        }
        if (start is not NodeEvent node)
        {
            throw new SemanticErrorException(start.Start, start.End, SyntaxErrors.Stumbled);
        }
        if (!node.Anchor.IsEmpty)
        {
            _mistakes.Add(at, $"'&{node.Anchor}' is an anchor, which a tactics file does not have: write the value out where it is needed");
        }
        if (!node.Tag.IsEmpty)
        {
            _mistakes.Add(at, $"{MistakeList.Quote(node.Tag.ToString())} is a YAML tag, which a tactics file does not have: remove it");
        }
        switch (node)
        {
            case Scalar scalar:
                begin(new ScalarNode(at, scalar.Value, scalar.Style == ScalarStyle.Plain));
                break;
            case SequenceStart:
                ThrowIfTooDeep(depth, node);
                ReadList(new ListNode(at), depth, begin);
                break;
            default:
                ThrowIfTooDeep(depth, node);
                ReadMap(new MapNode(at), depth, begin);
                break;
        }
    }

    private void ReadList(ListNode list, int depth, Action<SyntaxNode> begin)
    {
        begin(list);
        while (Next() is not SequenceEnd)
        {
            ReadNode(_parser.Current!, depth + 1, list.Items.Add);
        }
        list.IsComplete = true;
    }

    private void ReadMap(MapNode map, int depth, Action<SyntaxNode> begin)
    {
        begin(map);
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            SyntaxNode? key = null;
            ReadNode(_parser.Current!, depth + 1, node => key = node);
            if (key is not ScalarNode word)
            {
                NoteStrangeKey(key);
                ReadNode(Next(), depth + 1, static _ => { });
                continue;
            }
            var isNew = seen.TryAdd(word.Text, word.At);
            if (!isNew)
            {
                _mistakes.Add(word.At, string.Create(CultureInfo.InvariantCulture,
                    $"{MistakeList.Quote(word.Text)} is already written in line {seen[word.Text].Line}: keep one of the two"));
            }
            ReadNode(Next(), depth + 1, value =>
            {
                if (isNew)
                {
                    map.Entries.Add(new MapEntry(word, value));
                }
            });
        }
        map.IsComplete = true;
    }

    private void NoteStrangeKey(SyntaxNode? key)
    {
        if (key is ListNode or MapNode)
        {
            _mistakes.Add(key.At, $"{key.Noun} stands where the name of a key belongs");
        }
    }

    // Ends the reading instead of skipping: scanning on costs time quadratic in the depth.
    private static void ThrowIfTooDeep(int depth, NodeEvent node)
    {
        if (depth > DepthMax)
        {
            throw new SemanticErrorException(node.Start, node.End, SyntaxErrors.TooDeep);
        }
    }

    private static Place PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
