using System.Text;
using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>One word of an enum of the engine, written in snake_case. Words are never listed twice: a new member is a new word.</summary>
/// <param name="part">Name of the part of the schema.</param>
internal sealed class WordShape<T>(string noun, string example, string part, params T[] without) : ScalarShape<T>(noun, example)
    where T : struct, Enum
{
    // Longer lists of words say less than the schema does.
    private const int ListedMax = 12;

    private readonly Dictionary<string, T> _words = Enum.GetValues<T>().Except(without).ToDictionary(WordOf, v => v, StringComparer.Ordinal);

    /// <summary>ProductAdded -> product_added.</summary>
    public static string WordOf(T value)
    {
        var word = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && word.Length > 0)
            {
                word.Append('_');
            }
            word.Append(char.ToLowerInvariant(letter));
        }
        return word.ToString();
    }

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out T value)
    {
        if (_words.TryGetValue(scalar.Text, out value))
        {
            return true;
        }
        var message = $"{MistakeList.Quote(scalar.Text)} is not {Noun}";
        var nearest = NearestSpelling.Of(scalar.Text, _words.Keys);
        mistakes.Add(scalar.At, nearest is null ? $"{message}: it is one of {Listed()}" : message, nearest);
        return false;
    }

    private string Listed() => _words.Count <= ListedMax
        ? string.Join(", ", _words.Keys)
        : $"{string.Join(", ", _words.Keys.Take(ListedMax))} and others (config/tactics.schema.json has them all)";

    public override JsonObject Schema(SchemaParts parts) =>
        parts.Refer(part, () => new JsonObject { ["enum"] = new JsonArray([.. _words.Keys.Select(w => (JsonNode)w)]) });
}
