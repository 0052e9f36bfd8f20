using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>One way to write a trigger or an action, chosen by its head key.</summary>
/// <param name="IsBare">The head alone, without a value, is enough: <c>on: exit_intent</c>.</param>
internal sealed record Form(Key Head, string Example, bool IsBare, params Key[] More)
{
    public IReadOnlyList<Key> Keys { get; } = [Head, .. More];

    public bool Has(string key) => Keys.Any(k => string.Equals(k.Name, key, StringComparison.Ordinal));
}

/// <summary>A group whose head key says what it is, such as <c>{ page_dwell: cart, after: 45 s }</c>.</summary>
/// <param name="kind">The noun without its article: "trigger".</param>
internal sealed class FormShape(string noun, string kind, string example, params Form[] forms) : Shape<Fields>(noun, example)
{
    private readonly string[] _heads = [.. forms.Select(f => f.Head.Name)];

    public override bool HasKey(string key) => forms.Any(f => f.Has(key));

    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes) => node switch
    {
        ScalarNode word => ReadBare(word, mistakes),
        MapNode map => ReadGroup(map, mistakes),
        _ => Refuse(node, mistakes),
    };

    private Fields? ReadBare(ScalarNode word, MistakeList mistakes)
    {
        var form = FormOf(word.Text);
        if (form is { IsBare: true })
        {
            return Fields.Bare(word.At, form.Head);
        }
        if (form is not null)
        {
            mistakes.Add(word.At, $"'{word.Text}' alone does not say enough: write {form.Example}");
        }
        else
        {
            NoteUnknownHead(word, mistakes);
        }
        return null;
    }

    private Fields? ReadGroup(MapNode map, MistakeList mistakes)
    {
        var heads = map.Entries.Where(e => FormOf(e.Key.Text) is not null).Select(e => e.Key).ToList();
        if (heads.Count == 0)
        {
            return ReadWithoutHead(map, mistakes);
        }
        foreach (var second in heads.Skip(1))
        {
            mistakes.Add(second.At, $"'{heads[0].Text}' and '{second.Text}' stand in one {kind}: write a tactic for each");
        }
        var form = FormOf(heads[0].Text)!;
        return Fields.Read(map, form.Keys, form.Head, word => NoteUnknown(word, form, mistakes), $"the {kind} '{form.Head.Name}'", mistakes);
    }

    // A misspelt head is noted, and the rest is read as if it were right: its mistakes are the retailer's, too.
    private Fields? ReadWithoutHead(MapNode map, MistakeList mistakes)
    {
        var strange = map.Entries.FindAll(e => !HasKey(e.Key.Text));
        var index = strange.FindIndex(e => NearestSpelling.Of(e.Key.Text, _heads) is not null);
        if (index < 0)
        {
            if (strange.Count > 0)
            {
                NoteUnknownHead(strange[0].Key, mistakes);
            }
            else if (map.IsComplete)
            {
                mistakes.Add(map.At, $"this {kind} does not say what it is: write one of {string.Join(", ", _heads)}, for instance {Example}");
            }
            return null;
        }
        var wrong = strange[index];
        NoteUnknownHead(wrong.Key, mistakes);
        var mended = new MapNode(map.At) { IsComplete = map.IsComplete };
        mended.Entries.AddRange(map.Entries.Select(e => e.Equals(wrong)
            ? e with { Key = new ScalarNode(e.Key.At, NearestSpelling.Of(e.Key.Text, _heads)!, isPlain: true) }
            : e));
        return ReadGroup(mended, mistakes);
    }

    private void NoteUnknown(ScalarNode word, Form form, MistakeList mistakes)
    {
        if (FormOf(word.Text) is not null)
        {
            return; // a second head, which is noted already
        }
        var owner = Array.Find(forms, f => f.Has(word.Text));
        if (owner is not null)
        {
            mistakes.Add(word.At, $"'{word.Text}' does not go with '{form.Head.Name}', only with '{owner.Head.Name}'");
            return;
        }
        var nearest = NearestSpelling.Of(word.Text, form.Keys.Select(k => k.Name));
        var message = $"{MistakeList.Quote(word.Text)} is not a key of the {kind} '{form.Head.Name}'";
        mistakes.Add(word.At, nearest is null ? $"{message}, which has {string.Join(", ", form.Keys.Select(k => k.Name))}" : message, nearest);
    }

    private void NoteUnknownHead(ScalarNode word, MistakeList mistakes)
    {
        var message = $"{MistakeList.Quote(word.Text)} is not {Noun}";
        if (word.LacksBlank)
        {
            mistakes.Add(word.At, $"{message}: a key ends with ':' and a blank");
            return;
        }
        var nearest = NearestSpelling.Of(word.Text, _heads);
        mistakes.Add(word.At, nearest is null ? $"{message}: it is one of {string.Join(", ", _heads)}" : message, nearest);
    }

    private Form? FormOf(string head) => Array.Find(forms, f => string.Equals(f.Head.Name, head, StringComparison.Ordinal));

    public override JsonObject Schema(SchemaParts parts)
    {
        var choices = new JsonArray();
        var bare = forms.Where(f => f.IsBare).Select(f => (JsonNode)f.Head.Name).ToArray();
        if (bare.Length > 0)
        {
            choices.Add(new JsonObject { ["enum"] = new JsonArray(bare) });
        }
        foreach (var form in forms)
        {
            choices.Add(GroupShape.SchemaOf(form.Keys, form.Keys.Where(k => k == form.Head || k.IsRequired), parts));
        }
        return new JsonObject { ["oneOf"] = choices };
    }
}
