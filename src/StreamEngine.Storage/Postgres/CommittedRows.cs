using System.Runtime.InteropServices;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// Rows of one kind of a batch's commits, column by column. They are read where they lie: gathered in a list first, they were copied several times as it grew.
/// </summary>
internal readonly struct CommittedRows<TRow>(List<ShardCommit> commits, Func<ShardCommit, List<TRow>> rowsOf)
    where TRow : struct
{
    /// <param name="place">Of the row in its commit: by it and the commit's number rows are in the order they came about.</param>
    public delegate T Cell<out T>(ShardCommit commit, in TRow row, int place);

    public delegate string? Text(in TRow row);

    public int Count { get; } = Sum(commits, rowsOf);

    public T[] Column<T>(Cell<T> cell)
    {
        var column = new T[Count];
        var at = 0;
        foreach (var commit in commits)
        {
            var rows = CollectionsMarshal.AsSpan(rowsOf(commit));
            for (var place = 0; place < rows.Length; place++) column[at++] = cell(commit, rows[place], place);
        }
        return column;
    }

    /// <summary>As PostgreSQL holds them, see <see cref="StoredText"/>.</summary>
    public string?[] Texts(Text text) => Column((_, in row, _) => StoredText.Write(text(row)));

    private static int Sum(List<ShardCommit> commits, Func<ShardCommit, List<TRow>> rowsOf)
    {
        var count = 0;
        foreach (var commit in commits) count += rowsOf(commit).Count;
        return count;
    }
}
