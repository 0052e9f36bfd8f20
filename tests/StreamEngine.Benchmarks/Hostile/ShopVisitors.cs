using System.Globalization;
using System.Text;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>
/// Visitors who click four times and then move to leave, which asks for a prompt at once. Open loop: each click is due at its time, however late the
/// one before was, and its answer is timed from when it was due.
/// </summary>
internal sealed class ShopVisitors(HostilePlan plan, TimeProvider time)
{
    public const string Prefix = "shop-";

    private static readonly byte[] s_page = ClickJson.Page("listing");
    public static readonly byte[] Leaves = ClickJson.Track("Exit Intent Detected", """{"confidence":0.9}""");

    private readonly long[] _partStarts = new long[plan.Parts];

    /// <summary>Sends one part's clicks.</summary>
    public void Play(ClickProducer producer, int part)
    {
        _partStarts[part] = time.GetTimestamp();
        for (var i = 0; i < plan.ClicksPerPart; i++)
        {
            while (time.GetElapsedTime(_partStarts[part]) < DueAfter(i))
            {
                producer.WaitForRoom(TimeSpan.FromMilliseconds(1));
            }
            var visitor = (part * plan.ClicksPerPart + i) / HostilePlan.ClicksPerVisitor;
            var key = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{visitor}"));
            while (!producer.TryProduce(key, IsLast(i) ? Leaves : s_page, 0))
            {
                producer.WaitForRoom(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    /// <summary>The part in which a visitor asked, and how long ago that was due at <paramref name="timestamp"/>.</summary>
    /// <param name="sinceStart">When in its part it was due.</param>
    public (int Part, TimeSpan Latency) Answered(int visitor, long timestamp, out TimeSpan sinceStart)
    {
        var click = visitor * HostilePlan.ClicksPerVisitor + HostilePlan.ClicksPerVisitor - 1;
        var part = click / plan.ClicksPerPart;
        sinceStart = DueAfter(click % plan.ClicksPerPart);
        return (part, time.GetElapsedTime(_partStarts[part], timestamp) - sinceStart);
    }

    private static bool IsLast(int click) => click % HostilePlan.ClicksPerVisitor == HostilePlan.ClicksPerVisitor - 1;

    private TimeSpan DueAfter(int click) => TimeSpan.FromSeconds((double)click / plan.Rate);
}
