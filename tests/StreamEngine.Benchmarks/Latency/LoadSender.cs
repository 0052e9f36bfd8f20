using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>Sends the load: open loop at a rate, or as fast as the answers come.</summary>
public sealed class LoadSender(VisitPlan plan, SampleClicks samples, KafkaSettings kafka) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FlushWait = TimeSpan.FromSeconds(60);

    private readonly ClickProducer _producer = new(kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance);
    private readonly byte[] _key = new byte[20];

    /// <summary>Clicks sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Of these, clicks that asked for a prompt.</summary>
    public long Asked { get; private set; }

    public void Play(LoadPart part)
    {
        var end = part.FirstClick + part.Clicks;
        while (Sent < end)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(part.StartTimestamp).TotalSeconds;
            for (var due = Math.Min(end, part.FirstClick + (long)(elapsed * part.Rate) + 1); Sent < due;)
            {
                Send();
            }
            _producer.WaitForRoom(Tick);
        }
        Flush();
    }

    /// <summary>For so long, with never more than so many asking clicks unanswered: as fast as everything together goes.</summary>
    public void Flood(TimeSpan duration, Func<long> answered, int unansweredMax)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            for (var room = plan.ClicksPerVisit * (unansweredMax - (Asked - answered())); room > 0; room--)
            {
                Send();
            }
            _producer.WaitForRoom(Tick);
        }
        Flush();
    }

    /// <summary>Takes delivery reports while others work.</summary>
    public void Wait() => _producer.WaitForRoom(TimeSpan.FromMilliseconds(10));

    public void Dispose() => _producer.Dispose();

    private void Send()
    {
        var (visitor, isAsking) = plan.At(Sent);
        visitor.TryFormat(_key, out var length, default, CultureInfo.InvariantCulture);
        var key = _key.AsSpan(0, length).ToArray();
        var value = isAsking ? samples.Asking : samples.Browsing[(int)(Sent % samples.Browsing.Count)];
        while (!_producer.TryProduce(key, value, 0))
        {
            _producer.WaitForRoom(Tick);
        }
        Sent++;
        Asked += isAsking ? 1 : 0;
    }

    private void Flush()
    {
        if (!_producer.Flush(FlushWait) || _producer.Failed > 0)
        {
            throw new InvalidOperationException($"The broker did not take all clicks: {_producer.LastError ?? "it did not answer within a minute"}.");
        }
    }
}
