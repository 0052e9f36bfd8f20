using System.Data.Common;
using System.Globalization;
using StreamEngine.Engine;

namespace StreamEngine.Storage;

/// <summary>
/// Brings a database's tables up to this engine, step by step and forward only. Step n leads from version n - 1 to version n. A step that was released never
/// changes; a change is a new step at the end, in every database's list.
/// </summary>
/// <param name="store">The database, as messages name it.</param>
/// <param name="kind">e.g. "SQLite".</param>
/// <param name="another">How to name another database, as a part of a sentence.</param>
/// <param name="right">How to name the right one, as a sentence.</param>
/// <param name="tablesSql">Selects the names of the tables that are there.</param>
internal sealed class Migrations(DbConnection connection, string store, string kind, string another, string right, string tablesSql, string[] steps)
{
    /// <summary>The database's version; 0 when it is empty.</summary>
    /// <exception cref="EngineFatalException">It belongs to a newer engine, or to another program.</exception>
    public int ReadVersion()
    {
        var tables = Tables();
        if (tables.Count == 0) return 0;
        if (!tables.Contains("schema_version"))
        {
            throw new EngineFatalException($"{store} is a {kind} database of another program: it has tables, but no schema_version. {right}.");
        }
        using var select = Command("SELECT coalesce(max(version), 0) FROM schema_version");
        var version = Convert.ToInt32(select.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version <= steps.Length) return version;
        throw new EngineFatalException(string.Create(CultureInfo.InvariantCulture,
            $"{store} has version {version} of the store's tables; this streamengine knows them up to version {steps.Length}. ")
            + $"Start the newer streamengine that wrote it, or {another}: tables are never turned back.");
    }

    /// <summary>For who only reads: the tables are as this engine knows them.</summary>
    /// <exception cref="EngineFatalException">They are not: empty, older, newer, or another program's.</exception>
    public void CheckNewest()
    {
        var version = ReadVersion();
        if (version == 0) throw new EngineFatalException($"{store} is empty: no streamengine has written to it yet.");
        if (version < steps.Length)
        {
            throw new EngineFatalException($"{store} was written by an older streamengine: run this one on it once, which brings its tables up to date.");
        }
    }

    /// <summary>A step and its row in schema_version are one transaction: a crash leaves the version before or the version after.</summary>
    public void Apply(int version, long nowMs)
    {
        if (version == 0) Run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_ms BIGINT NOT NULL)");
        for (var next = version + 1; next <= steps.Length; next++)
        {
            using var transaction = connection.BeginTransaction();
            Run(steps[next - 1]);
            Run(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version, applied_ms) VALUES ({next}, {nowMs})"));
            transaction.Commit();
        }
    }

    private HashSet<string> Tables()
    {
        var tables = new HashSet<string>(StringComparer.Ordinal);
        using var select = Command(tablesSql);
        using var rows = select.ExecuteReader();
        while (rows.Read()) tables.Add(rows.GetString(0));
        return tables;
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        // The texts are constants of the schemas.
        command.CommandText = sql;
        return command;
    }
}
