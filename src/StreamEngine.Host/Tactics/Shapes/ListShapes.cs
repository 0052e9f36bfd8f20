using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

internal readonly record struct Placed<T>(T Value, Place At);

/// <summary>A list with at least <paramref name="countMin"/> items. Items that could not be read are left out.</summary>
internal sealed class ListShape<T>(string noun, string example, Shape<T> item, int countMin) : Shape<List<Placed<T>>>(noun, example)
    where T : notnull
{
    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes)
    {
        if (node is not ListNode list)
        {
            return Refuse(node, mistakes);
        }
        var items = new List<Placed<T>>();
        foreach (var one in list.Items)
        {
            if (item.Read(one, mistakes) is T value)
            {
                items.Add(new Placed<T>(value, one.At));
            }
        }
        if (list.IsComplete && list.Items.Count < countMin)
        {
            mistakes.Add(list.At, $"{Noun} is too short: write {Example}");
        }
        return items;
    }

    public override JsonObject Schema(SchemaParts parts) =>
        new() { ["type"] = "array", ["items"] = item.Schema(parts), ["minItems"] = countMin };
}

/// <summary>One word, or a list of different words: <c>cart</c> or <c>[cart, checkout]</c>.</summary>
internal sealed class OneOrMoreShape<T>(Shape<T> item) : Shape<List<Placed<T>>>(item.Noun, item.Example)
    where T : notnull
{
    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes)
    {
        if (node is not ListNode list)
        {
            return item.Read(node, mistakes) is T single ? new List<Placed<T>> { new(single, node.At) } : null;
        }
        if (list is { IsComplete: true, Items.Count: 0 })
        {
            mistakes.Add(list.At, $"this list is empty: write {Example}, or leave the key out");
        }
        var items = new List<Placed<T>>();
        var seen = new HashSet<T>();
        foreach (var one in list.Items)
        {
            if (item.Read(one, mistakes) is not T value)
            {
                continue;
            }
            if (!seen.Add(value))
            {
                mistakes.Add(one.At, $"{MistakeList.Quote(((ScalarNode)one).Text)} stands twice in this list");
            }
            items.Add(new Placed<T>(value, one.At));
        }
        return items;
    }

    public override JsonObject Schema(SchemaParts parts) => new()
    {
        ["anyOf"] = new JsonArray(
            item.Schema(parts),
            new JsonObject { ["type"] = "array", ["items"] = item.Schema(parts), ["minItems"] = 1, ["uniqueItems"] = true }),
    };
}
