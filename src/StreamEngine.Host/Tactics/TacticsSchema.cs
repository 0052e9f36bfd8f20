using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Shapes;

namespace StreamEngine.Host.Tactics;

/// <summary>The JSON Schema with which an editor completes and checks a tactics file, made from the language that reads it.</summary>
public static class TacticsSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The schema is a file for editors and never stands in a web page: ">= 500" may be read as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>The text of config/tactics.schema.json.</returns>
    public static string Write()
    {
        var parts = new SchemaParts();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "StreamEngine tactics",
            ["description"] = "When to help which shopper, and how. Made by 'streamengine tactics schema'; do not edit.",
        };
        foreach (var (name, value) in TacticLanguage.File.Schema(parts))
        {
            schema[name] = value?.DeepClone();
        }
        schema["$defs"] = parts.Definitions;
        return schema.ToJsonString(Layout) + "\n";
    }
}
