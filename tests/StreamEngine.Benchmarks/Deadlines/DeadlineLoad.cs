using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Deadlines;

/// <summary>The clicks of the plan: everybody fills a cart, as fast as it goes; then clicks at the plan's rate.</summary>
public sealed class DeadlineLoad(DeadlinePlan plan, KafkaSettings kafka) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly byte[] s_added = ClickJson.ProductAdded("shoe", 50);
    private static readonly byte[] s_cartPage = ClickJson.Page("cart");
    private static readonly byte[] s_listing = ClickJson.Page("listing");

    private readonly ClickProducer _producer = new(kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance);

    public void FillCarts()
    {
        for (var visitor = 0; visitor < plan.Sessions; visitor++)
        {
            Send(visitor, s_added);
        }
        Flush();
    }

    public void Click()
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var sent = 0; sent < plan.Clicks;)
        {
            for (var due = Math.Min(plan.Clicks, (int)(TimeProvider.System.GetElapsedTime(start).TotalSeconds * plan.Rate) + 1); sent < due; sent++)
            {
                var (visitor, isOnCartPage) = plan.At(sent);
                Send(visitor, isOnCartPage ? s_cartPage : s_listing);
            }
            _producer.WaitForRoom(Tick);
        }
        Flush();
    }

    public void Dispose() => _producer.Dispose();

    private void Send(int visitor, byte[] value)
    {
        var key = DeadlinePlan.Key(visitor);
        while (!_producer.TryProduce(key, value, 0))
        {
            _producer.WaitForRoom(Tick);
        }
    }

    private void Flush()
    {
        if (!_producer.Flush(TimeSpan.FromMinutes(2)) || _producer.Failed > 0)
        {
            throw new InvalidOperationException($"The broker did not take all clicks: {_producer.LastError ?? "it did not answer within two minutes"}.");
        }
    }
}
