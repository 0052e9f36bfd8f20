using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Writes what several workers have waiting as one transaction: one flush to the disk for all of them. A fenced shard drops out of it,
/// the others go on. If the transaction fails, nothing of it is written and all of its shards have failed.
/// </summary>
internal sealed class CommitWriter : IDisposable
{
    private readonly string _path;
    private readonly sqlite3 _db;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly ShardRows _rows;

    public CommitWriter(SqliteConnection connection, string path)
    {
        _path = path;
        _db = connection.Handle!;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
        _rows = new ShardRows(connection);
    }

    /// <summary>False once the connection does not even roll back: open a new one.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Sets every outcome, and never throws; the batches are not completed yet.</summary>
    /// <returns>What went wrong; null when it is written.</returns>
    public Exception? Write(List<CommitBatch> batches)
    {
        var committing = false;
        try
        {
            _begin.Run();
            foreach (var batch in batches)
            {
                foreach (var commit in batch.Shards) Write(commit);
            }
            committing = true;
            _commit.Run();
            return null;
        }
        catch (Exception error)
        {
            // Whatever it was, a batch that is handed over gets its outcome.
            Fail(batches, committing && MayHaveCommitted(error) ? CommitOutcome.Unknown : CommitOutcome.Failed, error);
            return error;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _rows.Dispose();
    }

    private bool IsOpen => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>
    /// A COMMIT that fails and leaves the transaction open has not happened. One that leaves none may lie in the log all the same, where the next
    /// connection finds it. Not so on a full disk: the mark that makes a commit is written last, so a log without room for it has none.
    /// </summary>
    private bool MayHaveCommitted(Exception error) => !IsOpen && error is not SqliteException { SqliteErrorCode: raw.SQLITE_FULL };

    private void Write(ShardCommit commit)
    {
        if (_rows.TryAdvance(commit))
        {
            _rows.Write(commit);
            commit.Outcome = CommitOutcome.Committed;
            return;
        }
        commit.Outcome = CommitOutcome.Fenced;
        commit.Error = _rows.ExplainFence(commit);
    }

    private void Fail(List<CommitBatch> batches, CommitOutcome outcome, Exception error)
    {
        var text = error is SqliteException sqlite
            ? SqliteTrouble.Explain(_path, sqlite)
            : $"{_path}: nothing of the commit was written, because of a bug of the engine; report it with this message ({error.GetType().Name}: {error.Message}).";
        try
        {
            if (IsOpen) _rollback.Run();
        }
        catch (SqliteException failed)
        {
            // Closing the connection ends the transaction.
            IsUsable = false;
            text += $" The roll-back failed too ({failed.Message}).";
        }
        if (outcome == CommitOutcome.Unknown) IsUsable = false;
        foreach (var batch in batches)
        {
            foreach (var commit in batch.Shards)
            {
                commit.Outcome = outcome;
                commit.Error = text;
            }
        }
    }
}
