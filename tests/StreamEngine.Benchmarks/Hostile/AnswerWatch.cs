using System.Globalization;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>Reads the actions as a subscriber does, on a thread of its own, and times them.</summary>
internal sealed class AnswerWatch : IDisposable
{
    private readonly ShopVisitors _visitors;
    private readonly TimeProvider _time;
    private readonly ActionConsumer _consumer;
    private readonly Thread _thread;
    private readonly bool[] _answered;
    private volatile bool _isStopping;
    private volatile int _count;

    public AnswerWatch(HostilePlan plan, ShopVisitors visitors, KafkaSettings kafka, TimeProvider time)
    {
        (_visitors, _time) = (visitors, time);
        _answered = new bool[plan.Parts * plan.ClicksPerPart / HostilePlan.ClicksPerVisitor];
        Latencies = [.. Enumerable.Range(0, plan.Parts).Select(static _ => new Latencies())];
        LongestGaps = new double[plan.Parts];
        _consumer = new ActionConsumer(kafka);
        _thread = new Thread(Run) { IsBackground = true, Name = "answers" };
        _thread.Start();
    }

    /// <summary>From when the click was due until its prompt was read from the topic, by part.</summary>
    public IReadOnlyList<Latencies> Latencies { get; }

    /// <summary>The longest time without any prompt while one was due every few ms, ms, by part.</summary>
    public double[] LongestGaps { get; }

    /// <summary>Visitors who were answered.</summary>
    public int Count => _count;

    public int Asked => _answered.Length;

    /// <summary>Stops reading; the figures are whole after it.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _consumer.Dispose();
    }

    private void Run()
    {
        var (lastPart, lastAt) = (-1, 0L);
        while (!_isStopping)
        {
            if (!_consumer.TryRead(TimeSpan.FromMilliseconds(100), out var action) || !action.KeyText.StartsWith(ShopVisitors.Prefix, StringComparison.Ordinal))
            {
                continue;
            }
            var visitor = int.Parse(action.KeyText.AsSpan(ShopVisitors.Prefix.Length), CultureInfo.InvariantCulture);
            if (_answered[visitor])
            {
                continue;
            }
            _answered[visitor] = true;
            var now = _time.GetTimestamp();
            var (part, latency) = _visitors.Answered(visitor, now, out var sinceStart);
            if (sinceStart >= HostilePlan.WarmUp)
            {
                Latencies[part].Add(latency.TotalMilliseconds);
                LongestGaps[part] = Math.Max(LongestGaps[part], part == lastPart ? _time.GetElapsedTime(lastAt, now).TotalMilliseconds : 0);
                (lastPart, lastAt) = (part, now);
            }
            _count++;
        }
    }
}
