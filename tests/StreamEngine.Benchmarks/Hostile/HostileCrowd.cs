using System.Globalization;
using System.Text;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>One visitor with half of all traffic, a crawler that is somebody else with every click, and one record in a hundred that cannot be read.</summary>
internal sealed class HostileCrowd(HostilePlan plan, TimeProvider time)
{
    private static readonly byte[] s_page = ClickJson.Page("product");
    private static readonly byte[] s_hot = "hostile-hot"u8.ToArray();

    private readonly Dictionary<string, int> _expected = new(StringComparer.Ordinal);
    private int _crawlers;
    private int _malformed;

    /// <summary>Dead letters by reason that must be found.</summary>
    public IReadOnlyDictionary<string, int> Expected => _expected;

    public long Sent { get; private set; }

    public void Play(ClickProducer producer)
    {
        var start = time.GetTimestamp();
        var (hot, crawl, malformed) = (0, 0, 0);
        TimeSpan elapsed;
        while ((elapsed = time.GetElapsedTime(start)) < plan.Part)
        {
            for (; hot < plan.HotRate * elapsed.TotalSeconds; hot++)
            {
                Send(producer, s_hot, s_page);
            }
            for (; crawl < plan.CrawlRate * elapsed.TotalSeconds; crawl++)
            {
                Send(producer, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"hostile-crawler-{_crawlers++}")), s_page);
            }
            for (; malformed < plan.MalformedRate * elapsed.TotalSeconds; malformed++)
            {
                SendMalformed(producer);
            }
            producer.WaitForRoom(TimeSpan.FromMilliseconds(1));
        }
    }

    private void SendMalformed(ClickProducer producer)
    {
        HostileClick click;
        do
        {
            click = HostileClicks.Make(_malformed++);
        }
        while (click.Reason is null);
        _expected[click.Reason] = _expected.GetValueOrDefault(click.Reason) + 1;
        Send(producer, click.Key, click.Value);
    }

    private void Send(ClickProducer producer, byte[] key, byte[] value)
    {
        Sent++;
        while (!producer.TryProduce(key, value, 0))
        {
            producer.WaitForRoom(TimeSpan.FromMilliseconds(1));
        }
    }
}
