using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A group of known keys.</summary>
internal sealed class GroupShape(string noun, string example, params Key[] keys) : Shape<Fields>(noun, example)
{
    public override bool HasKey(string key) => keys.Any(k => string.Equals(k.Name, key, StringComparison.Ordinal));

    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes)
    {
        if (node is not MapNode map)
        {
            return Refuse(node, mistakes);
        }
        if (map is { IsComplete: true, Entries.Count: 0 } && !keys.Any(k => k.IsRequired))
        {
            mistakes.Add(map.At, $"{Noun} is empty here: write {Example}, or leave it out");
            return null;
        }
        return Fields.Read(map, keys, head: null, word => NoteUnknown(word, mistakes), Noun, mistakes);
    }

    private void NoteUnknown(ScalarNode word, MistakeList mistakes)
    {
        var message = $"{MistakeList.Quote(word.Text)} is not a key of {Noun}";
        var home = keys.FirstOrDefault(k => k.Shape.HasKey(word.Text));
        if (home is not null)
        {
            mistakes.Add(word.At, $"{message}: it belongs under '{home.Name}'");
            return;
        }
        if (word.LacksBlank)
        {
            mistakes.Add(word.At, $"{message}: a key ends with ':' and a blank");
            return;
        }
        var nearest = NearestSpelling.Of(word.Text, keys.Select(k => k.Name));
        mistakes.Add(word.At, nearest is null ? $"{message}, which has {string.Join(", ", keys.Select(k => k.Name))}" : message, nearest);
    }

    public override JsonObject Schema(SchemaParts parts) => SchemaOf(keys, keys.Where(k => k.IsRequired), parts);

    public static JsonObject SchemaOf(IEnumerable<Key> keys, IEnumerable<Key> required, SchemaParts parts)
    {
        var properties = new JsonObject();
        foreach (var key in keys)
        {
            var property = new JsonObject { ["description"] = key.About };
            foreach (var (name, value) in key.Shape.Schema(parts))
            {
                property[name] = value?.DeepClone();
            }
            properties[key.Name] = property;
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false, ["minProperties"] = 1 };
        var needed = required.Select(k => (JsonNode)k.Name).ToArray();
        if (needed.Length > 0)
        {
            schema["required"] = new JsonArray(needed);
        }
        return schema;
    }
}
