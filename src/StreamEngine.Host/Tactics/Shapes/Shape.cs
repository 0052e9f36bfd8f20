using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>
/// What may stand at a place of the file. One description reads the file, names what is wrong, and writes the JSON Schema:
/// an editor and <c>tactics check</c> cannot disagree.
/// </summary>
internal abstract class Shape(string noun, string example)
{
    /// <summary>With its article, as it stands in a sentence: "a duration".</summary>
    public string Noun { get; } = noun;

    /// <summary>As one would write it.</summary>
    public string Example { get; } = example;

    /// <returns>Null where it could not be read: then a mistake is noted.</returns>
    public object? Read(SyntaxNode node, MistakeList mistakes)
    {
        if (node is RefusedNode)
        {
            return null;
        }
        if (node is ScalarNode { IsNothing: true })
        {
            mistakes.Add(node.At, $"{Noun} is missing here: write {Example}");
            return null;
        }
        return ReadPresent(node, mistakes);
    }

    public abstract JsonObject Schema(SchemaParts parts);

    /// <summary>True where <paramref name="key"/> may stand directly below: for saying where a misplaced key belongs.</summary>
    public virtual bool HasKey(string key) => false;

    protected abstract object? ReadPresent(SyntaxNode node, MistakeList mistakes);

    protected object? Refuse(SyntaxNode node, MistakeList mistakes)
    {
        mistakes.Add(node.At, $"{node.Noun} stands where {Noun} belongs: write {Example}");
        return null;
    }
}

/// <summary>A shape whose values are <typeparamref name="T"/>.</summary>
internal abstract class Shape<T>(string noun, string example) : Shape(noun, example)
    where T : notnull;

/// <summary>The parts of a schema that are referred to by name, in the order of their first use.</summary>
internal sealed class SchemaParts
{
    public JsonObject Definitions { get; } = [];

    public JsonObject Refer(string name, Func<JsonObject> make)
    {
        if (!Definitions.ContainsKey(name))
        {
            Definitions.Add(name, make());
        }
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }
}
