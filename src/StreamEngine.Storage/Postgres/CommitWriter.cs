using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// Writes one worker's batches on one connection, a transaction each, in two round trips: BEGIN and the fence, then the rows of the shards that passed it and
/// COMMIT. The fence holds the shards' rows locked before COMMIT is on its way, so whoever asks later for a commit in doubt waits until it is decided.
/// </summary>
internal sealed partial class CommitWriter(PostgresServer server, ILogger logger) : IDisposable
{
    private const string FenceSql =
        """
        UPDATE shard s SET commit_seq = c.commit_seq, next_offset = c.next_offset, shard_time_ms = c.shard_time_ms,
                           action_seq = c.action_seq, published_seq = c.published_seq, last_record_ms = c.last_record_ms
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS c (shard, epoch, owner, commit_seq, next_offset, shard_time_ms, action_seq, published_seq, last_record_ms)
        WHERE s.shard = c.shard AND s.epoch = c.epoch AND s.owner = c.owner AND s.commit_seq = c.commit_seq - 1
        RETURNING s.shard
        """;

    private const string ExplainSql = "SELECT shard, epoch, owner, commit_seq FROM shard WHERE shard = ANY ($1)";

    private readonly List<ShardCommit> _passed = [];
    private readonly List<ShardCommit> _fenced = [];
    private readonly BlockPool _blocks = new();
    private NpgsqlConnection? _connection;
    private NpgsqlBatchCommand? _commit;

    /// <summary>Sets every outcome and never throws; the batch is not completed yet.</summary>
    public void Write(List<ShardCommit> commits)
    {
        _commit = null;
        try
        {
            _connection ??= server.Open();
            Fence(commits);
            WriteRows();
            foreach (var commit in _passed) commit.Outcome = CommitOutcome.Committed;
            foreach (var commit in _fenced) commit.Outcome = CommitOutcome.Fenced;
        }
        catch (Exception error)
        {
            // Whatever it was, a batch that is handed over gets its outcome.
            Fail(commits, error);
        }
    }

    public void Dispose()
    {
        Drop();
        _blocks.Dispose();
    }

    private void Fence(List<ShardCommit> commits)
    {
        using var batch = new NpgsqlBatch(_connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        var fence = new NpgsqlBatchCommand(FenceSql);
        Column(fence, commits, static commit => commit.Shard);
        Column(fence, commits, static commit => commit.Epoch);
        Column(fence, commits, static commit => commit.Owner);
        Column(fence, commits, static commit => commit.CommitSeq);
        Column(fence, commits, static commit => commit.NextOffset);
        Column(fence, commits, static commit => commit.ShardTimeMs);
        Column(fence, commits, static commit => commit.ActionSeq);
        Column(fence, commits, static commit => commit.PublishedSeq);
        Column(fence, commits, static commit => commit.LastRecordMs);
        batch.BatchCommands.Add(fence);
        var passed = new HashSet<int>();
        using (var rows = batch.ExecuteReader())
        {
            while (rows.Read()) passed.Add(rows.GetInt32(0));
        }
        _passed.Clear();
        _fenced.Clear();
        foreach (var commit in commits) (passed.Contains(commit.Shard) ? _passed : _fenced).Add(commit);
    }

    private void WriteRows()
    {
        _blocks.Reset();
        using var batch = new NpgsqlBatch(_connection);
        if (_fenced.Count > 0)
        {
            var explain = new NpgsqlBatchCommand(ExplainSql);
            Column(explain, _fenced, static commit => commit.Shard);
            batch.BatchCommands.Add(explain);
        }
        CommitRows.AddTo(batch, _passed, _blocks);
        var commit = new NpgsqlBatchCommand("COMMIT");
        batch.BatchCommands.Add(commit);
        _commit = commit;
        using var rows = batch.ExecuteReader();
        foreach (var fenced in _fenced) fenced.Error = Fences.NoShard(fenced);
        while (rows.Read())
        {
            var fenced = _fenced.Find(fenced => fenced.Shard == rows.GetInt32(0))!;
            fenced.Error = Fences.Elsewhere(fenced, rows.GetInt64(1), rows.GetString(2), rows.GetInt64(3));
        }
        // An error of a later statement shows itself here.
        while (rows.NextResult())
        {
        }
    }

    private void Fail(List<ShardCommit> commits, Exception error)
    {
        var outcome = MayHaveCommitted(error) ? CommitOutcome.Unknown : CommitOutcome.Failed;
        var text = PostgresTrouble.Explain(server.Name, error, withDetail: false);
        if (outcome == CommitOutcome.Unknown || !TryRollBack(error)) Drop();
        if (_connection is null) LogConnectionLost(logger, server.Name, error.Message);
        foreach (var commit in commits)
        {
            commit.Outcome = outcome;
            commit.Error = text;
        }
    }

    /// <summary>
    /// Once COMMIT is on its way, only an error of the server about a statement before it says for certain that it was not carried out.
    /// The end of a session (FATAL) may come after it.
    /// </summary>
    private bool MayHaveCommitted(Exception error) => _commit is { } commit
        && !(error is PostgresException { InvariantSeverity: "ERROR" } postgres && postgres.BatchCommand is { } failed && !ReferenceEquals(failed, commit));

    private bool TryRollBack(Exception error)
    {
        if (error is not PostgresException { InvariantSeverity: "ERROR" } || _connection is not { State: ConnectionState.Open }) return false;
        try
        {
            using var command = new NpgsqlCommand("ROLLBACK", _connection);
            command.ExecuteNonQuery();
            return true;
        }
        catch (Exception failed) when (PostgresTrouble.IsOfTheServer(failed))
        {
            // Closing the connection ends the transaction.
            return false;
        }
    }

    private void Drop()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
        {
            // It is gone already.
        }
        _connection = null;
    }

    private static void Column<T>(NpgsqlBatchCommand statement, List<ShardCommit> commits, Func<ShardCommit, T> value)
    {
        var column = new T[commits.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(commits[i]);
        statement.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = column });
    }

    [LoggerMessage(310, LogLevel.Information, "A connection to {Server} was lost while a commit was written: {Reason}")]
    private static partial void LogConnectionLost(ILogger logger, string server, string reason);
}
