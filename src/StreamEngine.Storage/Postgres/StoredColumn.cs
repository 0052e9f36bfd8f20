using Npgsql;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Postgres;

/// <summary>A column of texts, which PostgreSQL holds in a form of ours.</summary>
internal static class StoredColumn
{
    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : StoredText.Read(row.GetString(column));
}
