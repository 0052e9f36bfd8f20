using System.Text.Json;
using StreamEngine.Carts;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Blocks;

/// <summary>Takes apart what <see cref="BlockWriter"/> has written.</summary>
internal static class BlockReader
{
    /// <summary>Adds those that were emitted after <paramref name="afterSeq"/>, in order, until there are <paramref name="countMax"/>.</summary>
    public static void ReadOutbox(ReadOnlySpan<byte> block, long afterSeq, int countMax, List<ActionRow> rows)
    {
        var json = Begin(block);
        while (rows.Count < countMax && NextRow(ref json))
        {
            if (Number(ref json) is > 0 and var seq && seq > afterSeq) rows.Add(ReadAction(ref json, seq, block));
            else SkipRow(ref json);
        }
    }

    public static void ReadActions(ReadOnlySpan<byte> block, List<ActionRow> rows)
    {
        var json = Begin(block);
        while (NextRow(ref json)) rows.Add(ReadAction(ref json, Number(ref json), block));
    }

    public static void ReadCarts(ReadOnlySpan<byte> block, List<CartRow> rows)
    {
        var json = Begin(block);
        while (NextRow(ref json))
        {
            var startedMs = Number(ref json);
            rows.Add(new CartRow(
                Text(ref json), startedMs, (int)Number(ref json), Text(ref json), Number(ref json), Text(ref json), (int)Number(ref json), Number(ref json), Number(ref json)));
            EndRow(ref json);
        }
    }

    /// <summary>Of every session the last of its rows.</summary>
    /// <param name="rows">In the order they were written.</param>
    public static IEnumerable<CartRow> Newest(List<CartRow> rows)
    {
        var newest = new Dictionary<(Utf8Text Visitor, long StartedMs), CartRow>();
        foreach (var row in rows) newest[(row.Visitor, row.StartedMs)] = row;
        return newest.Values.OrderBy(static row => row.Visitor.ToString(), StringComparer.Ordinal).ThenBy(static row => row.StartedMs);
    }

    private static ActionRow ReadAction(ref Utf8JsonReader json, long seq, ReadOnlySpan<byte> block)
    {
        var row = new ActionRow(
            seq, Text(ref json), Text(ref json), (int)Number(ref json), Text(ref json), Text(ref json), TextOrNull(ref json), TextOrNull(ref json), Text(ref json),
            Number(ref json), Number(ref json), Number(ref json), Number(ref json), Document(ref json, block));
        EndRow(ref json);
        return row;
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> block)
    {
        var json = new Utf8JsonReader(block);
        json.Read();
        return json;
    }

    private static bool NextRow(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.StartArray;

    private static void EndRow(ref Utf8JsonReader json) => json.Read();

    private static void SkipRow(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) json.Skip();
    }

    private static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    private static string Text(ref Utf8JsonReader json) => TextOrNull(ref json)!;

    private static string? TextOrNull(ref Utf8JsonReader json)
    {
        json.Read();
        return StoredText.Read(json.GetString());
    }

    /// <summary>To the byte as it was written; empty where there was none.</summary>
    private static ReadOnlyMemory<byte> Document(ref Utf8JsonReader json, ReadOnlySpan<byte> block)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return default;
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return block[start..(int)json.BytesConsumed].ToArray();
    }
}
