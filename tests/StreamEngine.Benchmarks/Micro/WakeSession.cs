using BenchmarkDotNet.Attributes;
using StreamEngine.Benchmarks.Residents;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>
/// Carts of three lines are overdue: chat prompt, abandonment, e-mail and SMS are decided, and all of it becomes rows and documents. Time and bytes are a session's.
/// </summary>
public class WakeSession
{
    private const int Sessions = 10_000;
    private const int WakesPerCommit = 64;
    private const int ActionsEach = 4;
    private const long AwayMs = 5 * 3_600_000;

    private readonly MemoryShardStore _store = new();
    private readonly ShardCommit[] _commits = [new(), new()];
    private Shard _shard = null!;

    [GlobalSetup]
    public void Fill() => new SampleShard(_store, Sessions).Fill(SampleShard.Carting);

    [IterationSetup]
    public void TakeOver()
    {
        _shard = new ShardLoader(_store, SampleShard.Rules(Sessions), "another").Load(0, new ShardFaults()).Shard;
        _shard.AdvanceTo(SampleShard.StartMs + AwayMs);
    }

    [Benchmark(OperationsPerInvoke = Sessions)]
    public int Wake()
    {
        var actions = 0;
        for (var i = 0; _shard.HasDue; i ^= 1)
        {
            _shard.FireDeadlines(WakesPerCommit, SampleShard.StartMs + AwayMs);
            _commits[i].Reset();
            actions += _shard.BuildCommit(_commits[i]).Actions.Count;
        }
        return actions == Sessions * ActionsEach ? actions : throw new InvalidOperationException($"{actions} actions of {Sessions} sessions.");
    }
}
