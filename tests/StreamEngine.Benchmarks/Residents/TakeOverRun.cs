using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>Names are those of the command line and of the results file.</summary>
public enum TakeOverStore
{
    Sqlite,
    Postgres,
}

/// <param name="Seconds">Of each take-over; the first one is with a cold compiler.</param>
/// <param name="KeptSeconds">Of a shard that came back to the node whose memory held it.</param>
public sealed record TakeOverFigures(TakeOverStore Store, IReadOnlyList<double> Seconds, double KeptSeconds);

/// <summary>A shard changes hands on one store. A process does it for one store only: the next would find the compiler warm.</summary>
/// <param name="database">A file's path, or a connection string; a new store.</param>
public sealed class TakeOverRun(TakeOverStore kind, string database, int sessions)
{
    public TakeOverFigures Measure(int rounds)
    {
        using (var store = Open())
        {
            new SampleShard(store, sessions).Fill(SampleShard.Carting);
        }
        return new TakeOverFigures(kind, [.. Enumerable.Range(0, rounds).Select(_ => TakeOver())], TakeOverKept());
    }

    private double TakeOver()
    {
        using var store = OpenProvisioned();
        var (loaded, seconds) = Load(store, kept: null);
        return loaded.Shard.SessionCount == sessions
            ? seconds
            : throw new InvalidOperationException($"{loaded.Shard.SessionCount} sessions came back instead of {sessions}.");
    }

    /// <summary>A shard that its node gave up and has again: the epoch rises, what is shown of its phases is counted anew.</summary>
    private double TakeOverKept()
    {
        using var store = OpenProvisioned();
        var kept = new KeptShards(TimeProvider.System);
        kept.Keep(Load(store, kept: null).Loaded.Shard);
        var (loaded, seconds) = Load(store, kept);
        return loaded.IsKept ? seconds : throw new InvalidOperationException("The shard's memory was not kept.");
    }

    private (LoadedShard Loaded, double Seconds) Load(IShardStore store, KeptShards? kept)
    {
        var start = TimeProvider.System.GetTimestamp();
        var loaded = new ShardLoader(store, SampleShard.Rules(sessions), "another", kept).Load(0, new ShardFaults());
        return (loaded, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>As a node that has just started.</summary>
    private IShardStore OpenProvisioned()
    {
        var store = Open();
        store.Provision("clicks", 1);
        return store;
    }

    private IShardStore Open() => kind == TakeOverStore.Sqlite
        ? new SqliteShardStore(new SqliteStoreOptions { Path = database }, TimeProvider.System, NullLogger.Instance)
        : new PostgresShardStore(new PostgresStoreOptions { Servers = [database] }, TimeProvider.System, NullLogger.Instance);
}
