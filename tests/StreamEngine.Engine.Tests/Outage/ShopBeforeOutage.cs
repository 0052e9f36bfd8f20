using System.Globalization;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Outage;

/// <summary>
/// A shop at the moment its engine goes down for eight hours: every visitor has left a cart, some of them on the cart page; and what the partitions
/// take in meanwhile. Purchases lie around the instants that matter, to the millisecond.
/// </summary>
internal sealed class ShopBeforeOutage
{
    public const long Minute = 60_000;
    public const long Hour = 60 * Minute;
    public const long Start = FakeTime.StartMs;
    public const long IdleMs = 30 * Minute;
    public const long EmailMs = IdleMs + Hour;
    public const long SmsMs = IdleMs + 3 * Hour;

    private readonly ShardDriver _driver;
    private readonly Random _random;
    private readonly int _shards;

    public ShopBeforeOutage(ShardDriver driver, int shards, int visitors, int seed)
    {
        (_driver, _shards, _random) = (driver, shards, new Random(seed));
        for (var i = 0; i < visitors; i++)
        {
            driver.Time.Advance(_random.Next(20));
            var visitor = new Visitor("v" + i.ToString(CultureInfo.InvariantCulture), _random.Next(shards), driver.Time.NowMs, i % 4 == 0);
            Visitors.Add(visitor);
            driver.Feed(visitor.Name, ClickJson.ProductAdded("shoe", 50), visitor.Shard);
            if (visitor.IsOnCartPage)
            {
                driver.Feed(visitor.Name, ClickJson.Page("cart"), visitor.Shard);
            }
        }
        driver.Settle();
    }

    public List<Visitor> Visitors { get; } = [];

    /// <summary>The outage: two visitors in three buy during it, early, late, or within a millisecond of a deadline; others click, so that shard time goes on.</summary>
    /// <param name="skewMs">How far producers' clocks are apart, at most; 0 for times that the broker stamps.</param>
    public void GoDown(long skewMs)
    {
        _driver.CrashFor(8 * Hour);
        var records = new List<Record>();
        foreach (var visitor in Visitors.Where((_, i) => i % 3 != 0))
        {
            long[] instants = [Minute, IdleMs - 1, IdleMs, IdleMs + 1, EmailMs - 1, EmailMs, EmailMs + 1, SmsMs - 1, 7 * Hour];
            var boughtMs = visitor.LeftMs + instants[_random.Next(instants.Length)];
            records.Add(new Record(boughtMs, visitor.Shard, visitor, ClickJson.OrderCompleted("o-" + visitor.Name, 50)));
        }
        for (var at = Start + Minute; at < Start + 8 * Hour; at += 7 * Minute)
        {
            records.AddRange(Enumerable.Range(0, _shards).Select(shard => new Record(at, shard, null, ClickJson.Page("home"))));
        }
        var shardTimes = Enumerable.Repeat(Visitors[^1].LeftMs, _shards).ToArray();
        foreach (var record in records.OrderBy(r => r.AtMs + (skewMs == 0 ? 0 : _random.NextInt64(skewMs))))
        {
            shardTimes[record.Shard] = Math.Max(shardTimes[record.Shard], record.AtMs);
            if (record.Buyer is { } buyer)
            {
                buyer.BoughtMs = shardTimes[record.Shard];
            }
            _driver.FeedAt(record.Buyer?.Name ?? "window-shopper", record.Value, record.AtMs, isLogAppendTime: skewMs == 0, record.Shard);
        }
    }

    private sealed record Record(long AtMs, int Shard, Visitor? Buyer, byte[] Value);
}

internal sealed record Visitor(string Name, int Shard, long LeftMs, bool IsOnCartPage)
{
    /// <summary>Shard time when the purchase is read; 0 for nobody who buys.</summary>
    public long BoughtMs { get; set; }

    /// <summary>What should be decided about this visitor within two hours after the outage, in order.</summary>
    public IEnumerable<string> Expected()
    {
        var endMs = BoughtMs == 0 ? long.MaxValue : BoughtMs;
        if (IsOnCartPage && LeftMs + TestTactics.CartChatMs <= endMs)
        {
            yield return TestTactics.CartChat + " (Expired)";
        }
        if (LeftMs + ShopBeforeOutage.IdleMs <= endMs)
        {
            yield return "cart_abandoned";
        }
        if (LeftMs + ShopBeforeOutage.EmailMs <= endMs)
        {
            yield return TestTactics.Email1H;
        }
        if (LeftMs + ShopBeforeOutage.SmsMs <= endMs)
        {
            yield return TestTactics.Sms3H + " (NoConsent)";
        }
        if (BoughtMs != 0 && LeftMs + ShopBeforeOutage.IdleMs <= endMs)
        {
            yield return "cart_recovered";
        }
    }
}
