using BenchmarkDotNet.Attributes;
using StreamEngine.Benchmarks.Residents;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>A shard's sessions and deadlines from its log, without a database; time and bytes are a session's.</summary>
public class RecoverShard
{
    private const int Sessions = 10_000;

    private readonly MemoryShardStore _store = new();

    [GlobalSetup]
    public void Fill() => new SampleShard(_store, Sessions).Fill(SampleShard.Carting);

    [Benchmark(OperationsPerInvoke = Sessions)]
    public int Recover() => new ShardLoader(_store, SampleShard.Rules(Sessions), "another").Load(0, new ShardFaults()).Shard.SessionCount;
}
