using System.Globalization;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>A production shard, fed by hand with visitors who do the same: a figure a session means something.</summary>
public sealed class SampleShard(IShardStore store, int sessions)
{
    public const long StartMs = 1_767_603_600_000;
    private const int ClicksPerCommit = 20_000;

    private static readonly ClickOptions s_clicks = new();

    /// <summary>What browsers send with every click, so that sessions keep what real ones keep.</summary>
    private const string Context = "\"context\":{\"locale\":\"de-CH\",\"timezone\":\"Europe/Zurich\"}";

    private readonly ClickParser _parser = new(s_clicks);
    private long _offset;

    public static byte[][] Browsing { get; } = [Click("\"type\":\"page\",\"name\":\"home\""), Click("\"type\":\"track\",\"event\":\"Product Viewed\",\"properties\":{\"product_id\":\"sku-00017\"}")];

    public static byte[][] Carting { get; } =
    [
        Click("\"type\":\"page\",\"name\":\"cart\""), Added(17, 12.5m), Added(18, 8m), Added(19, 99.9m),
    ];

    public static ShardRules Rules(int sessions) => new(
        new SessionOptions(), TacticSet.Compile(TacticExamples.Shipped(), Currency.Parse("EUR")), new EngineOptions { BrowsersMax = sessions }, "clicks", 1);

    /// <summary>Every visitor makes these clicks, one after the other visitor; all of it is committed when this returns.</summary>
    public Shard Fill(byte[][] clicks)
    {
        store.Provision("clicks", 1);
        var shard = new ShardLoader(store, Rules(sessions), "bench").Load(0, new ShardFaults()).Shard;
        for (var i = 0; i < sessions; i++)
        {
            var key = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"9cbc525f-737e-48c8-a83b-{i:x12}"));
            foreach (var click in clicks)
            {
                var timeMs = StartMs + _offset / 1_000;
                shard.Handle(new ClickRecord { Offset = _offset++, TimestampMs = timeMs, IsLogAppendTime = true, Key = key, Value = click }, _parser, timeMs);
                if (_offset % ClicksPerCommit == 0)
                {
                    Commit(shard);
                }
            }
        }
        Commit(shard);
        return shard;
    }

    private void Commit(Shard shard)
    {
        using var done = new ManualResetEventSlim();
        var batch = new CommitBatch(done.Set);
        var commit = shard.BuildCommit(new ShardCommit());
        batch.Shards.Add(commit);
        store.Submit(batch);
        done.Wait();
        if (commit.Outcome != CommitOutcome.Committed)
        {
            throw new InvalidOperationException($"A commit of the sample was not written: {commit.Error}");
        }
    }

    private static byte[] Added(int product, decimal price) => Click(string.Create(
        CultureInfo.InvariantCulture,
        $"\"type\":\"track\",\"event\":\"Product Added\",\"messageId\":\"m-{product}\",\"properties\":{{\"product_id\":\"sku-{product:00000}\",\"price\":{price},\"quantity\":1}}"));

    private static byte[] Click(string rest) => Encoding.UTF8.GetBytes($"{{{rest},{Context}}}");
}
