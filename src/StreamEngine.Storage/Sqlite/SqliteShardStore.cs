using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Shards in one SQLite file. One thread owns the one connection that writes and does every commit, take-over and checkpoint;
/// what several workers have waiting becomes one transaction. Readers have connections of their own.
/// Before a commit is acknowledged it is on the disk (WAL, synchronous=FULL).
/// </summary>
public sealed partial class SqliteShardStore : IShardStore
{
    /// <summary>Readers hold the log back; beyond this many checkpoints' worth of it somebody should know.</summary>
    private const int LogCheckpointsMax = 16;

    private const int FailedCheckpointsTold = 2;

    private static readonly TimeSpan ResolveRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>A store without work looks this often whether its files are still there.</summary>
    private static readonly TimeSpan IdleLook = TimeSpan.FromMilliseconds(250);

    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly StoreLock _lock;
    private readonly WriterQueue _queue = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;
    private readonly StoreWatch _databaseWatch;
    private volatile EngineFatalException? _loss;
    private int _disposed;

    // Of the writing thread.
    private readonly List<CommitBatch> _together = [];
    private readonly List<CommitBatch> _alone = [];
    private SqliteWriter? _writer;
    private int _failedCheckpoints;
    private bool _hasFailedSinceCheckpoint;
    private StoreWatch _watch;

    /// <exception cref="EngineFatalException">Another host has the file, or it is not a store this engine can use.</exception>
    public SqliteShardStore(SqliteStoreOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _path = StoreFiles.Resolve(options.Path);
        StoreFiles.MakeFolder(_path);
        _lock = StoreLock.Take(_path);
        try
        {
            StoreFiles.MakePrivate(_path);
            _databaseWatch = StoreWatch.OnDatabase(_path);
            _writer = new SqliteWriter(options, _path, time);
            _watch = _databaseWatch.AndLog();
        }
        catch (SqliteException error)
        {
            _lock.Dispose();
            throw SqliteTrouble.Fatal(_path, error);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    public EngineFatalException? Loss => _loss;

    public void Provision(string topic, int shardCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        Ask(writer =>
        {
            ShardTable.Provision(writer.Connection, _path, topic, shardCount);
            return true;
        });
    }

    /// <summary>False while no shard has ever committed: the file is new, or as good as new.</summary>
    public bool HasCommit() => Ask(static writer => ShardTable.HasCommit(writer.Connection));

    public ShardLease TakeOver(int shard, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return Ask(writer => ShardTable.TakeOver(writer.Connection, _path, shard, owner, _time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard)
    {
        ThrowIfLost();
        using var reader = SqliteStoreReader.Open(_path);
        foreach (var segment in reader.ReadSegments(shard)) yield return segment;
    }

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax)
    {
        ThrowIfLost();
        using var reader = SqliteStoreReader.Open(_path);
        return reader.ReadOutbox(shard, afterSeq, countMax);
    }

    public void Submit(CommitBatch batch)
    {
        if (_queue.TryAdd(new Work(batch, null))) return;
        FailAll(batch, $"{_path}: the store is closed; nothing of the commit was written.");
        batch.Complete();
    }

    public long ResolveCommitSeq(int shard, long epoch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Ask(writer => ShardTable.ReadCommitSeq(writer.Connection, shard, epoch));
            }
            catch (ShardStoppedException error)
            {
                if (attempt == 1) LogResolveWaits(shard, error.Message);
                if (_closing.Wait(ResolveRetry)) throw;
            }
        }
    }

    public ShardRecord ReadShard(int shard) => Ask(writer => OperatorTable.Read(writer.Connection, _path, shard));

    public void Repair(ShardRepair repair) => Ask(writer =>
    {
        OperatorTable.Repair(writer.Connection, _path, repair);
        return true;
    });

    /// <summary>Writes what was handed over before, then closes. Batches that come later fail.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _closing.Set();
        _queue.Close();
        _thread.Join();
        _lock.Dispose();
    }

    /// <summary>A reader opens the file by its name: not when that leads to another one by now. The writing thread looks.</summary>
    private void ThrowIfLost() => Ask(static _ => true);

    private T Ask<T>(Func<SqliteWriter, T> ask)
    {
        var question = new Question<T>(ask);
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(new Work(null, question)), this);
        try
        {
            return question.Wait();
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.WhileOpen(_path, error);
        }
    }

    private void WriteUntilClosed()
    {
        List<Work> taken = [];
        while (_queue.TakeAll(ref taken, IdleLook))
        {
            LookForLoss();
            foreach (var work in taken)
            {
                if (work.Batch is { } batch)
                {
                    _together.Add(batch);
                    continue;
                }
                // What was handed over before the question is written before its answer.
                WriteTogether();
                _hasFailedSinceCheckpoint |= !work.Question!.Answer(Writer);
            }
            WriteTogether();
            MaybeCheckpoint();
        }
        CloseWriter();
    }

    private void WriteTogether()
    {
        if (_together.Count == 0) return;
        try
        {
            if (TryWrite(_together) is { } error && _together.Count > 1 && SqliteTrouble.IsOfTheRows(error)) WriteEachAlone();
        }
        finally
        {
            foreach (var batch in _together) batch.Complete();
            _together.Clear();
        }
    }

    /// <summary>One batch breaks a rule: the others are not to suffer from it.</summary>
    private void WriteEachAlone()
    {
        foreach (var batch in _together)
        {
            foreach (var commit in batch.Shards) commit.Error = null;
            _alone.Add(batch);
            _ = TryWrite(_alone);
            _alone.Clear();
        }
    }

    /// <summary>Sets every outcome and never throws.</summary>
    private Exception? TryWrite(List<CommitBatch> batches)
    {
        SqliteWriter writer;
        try
        {
            writer = Writer();
        }
        catch (Exception error)
        {
            var text = error is SqliteException sqlite ? SqliteTrouble.Explain(_path, sqlite) : error.Message;
            foreach (var batch in batches) FailAll(batch, text);
            return error;
        }
        var failed = writer.Commits.Write(batches);
        _hasFailedSinceCheckpoint |= failed is not null;
        // Before anybody hears of it: a commit counts when the file that the name leads to has it.
        LookForLoss();
        if (_loss is { } lost)
        {
            foreach (var batch in batches) FailAll(batch, lost.Message);
            return lost;
        }
        if (failed is SqliteException damage && SqliteTrouble.IsDamage(damage))
        {
            writer.LeaveFilesAlone();
            _loss = SqliteTrouble.Fatal(_path, damage);
        }
        if (!writer.Commits.IsUsable) CloseWriter();
        return failed;
    }

    /// <summary>The open writer, or a new one after a failure that made the last one useless.</summary>
    private SqliteWriter Writer()
    {
        LookForLoss();
        if (_loss is { } loss) throw loss;
        if (_writer is not null) return _writer;
        var writer = new SqliteWriter(_options, _path, _time);
        _watch = _databaseWatch.AndLog();
        return _writer = writer;
    }

    private void LookForLoss()
    {
        if (_loss is not null || _watch.Find() is not { } found) return;
        const string Stopped = "The engine stops at once and has published nothing that was not in the database.";
        // What is in the log alone would be gone with a log that no name leads to; the database is where it was and can take it.
        if (found.Kind == StoreLossKind.CutShort) _writer?.LeaveFilesAlone();
        var mend = !found.IsDatabase && found.Kind != StoreLossKind.CutShort && _writer is { } writer && writer.CopiesWholeLog()
            ? $"Nothing is lost, all commits are in {_path}: start again, and leave the files beside it alone while an engine runs."
            : $"Put {_path} back as it was, with its -wal file, or a backup of both, and start again: the engine goes on where that copy stands.";
        _loss = new EngineFatalException($"{found.Text} while the engine ran. {Stopped} {mend}");
    }

    private void CloseWriter()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (SqliteException error)
        {
            LogCloseFailed(error.Message);
        }
        _writer = null;
        // A log goes with its last connection.
        _watch = _databaseWatch;
    }

    private void MaybeCheckpoint()
    {
        if (_writer is null || !_writer.MaybeCheckpoint(out var checkpoint)) return;
        var isToldAlready = _hasFailedSinceCheckpoint;
        _hasFailedSinceCheckpoint = false;
        if (checkpoint.Error is { } error)
        {
            // Once is a disk that fills up just now. While commits and take-overs fail they tell of it, and grow the log with what they try to write.
            if (!isToldAlready && ++_failedCheckpoints == FailedCheckpointsTold) LogCheckpointFailed(_path, error);
            return;
        }
        if (_failedCheckpoints >= FailedCheckpointsTold) LogCheckpointWorks(_path, _failedCheckpoints);
        _failedCheckpoints = 0;
        if (checkpoint.LogBytes > (long)LogCheckpointsMax * _options.CheckpointBytes) LogLogHeldBack(_path, checkpoint.LogBytes);
    }

    private static void FailAll(CommitBatch batch, string error)
    {
        foreach (var commit in batch.Shards)
        {
            commit.Outcome = CommitOutcome.Failed;
            commit.Error = error;
        }
    }
}
