using System.Globalization;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>Reads the answers as a subscriber does, on a thread of its own, and times them by the part of the load that asked.</summary>
public sealed class AnswerTimes : IDisposable
{
    private readonly VisitPlan _plan;
    private readonly ActionConsumer _consumer;
    private readonly Thread _thread;
    private readonly HashSet<long> _answered = [];
    private volatile LoadPart? _part;
    private volatile bool _isStopping;
    private long _count;

    public AnswerTimes(VisitPlan plan, KafkaSettings kafka)
    {
        _plan = plan;
        _consumer = new ActionConsumer(kafka);
        _thread = new Thread(Run) { IsBackground = true, Name = "answers" };
        _thread.Start();
    }

    /// <summary>Visitors who were answered.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>From now on. All of the part before it must have been answered.</summary>
    public void Watch(LoadPart part) => _part = part;

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _consumer.Dispose();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            if (!_consumer.TryRead(TimeSpan.FromMilliseconds(100), out var answer))
            {
                continue;
            }
            var now = TimeProvider.System.GetTimestamp();
            var visitor = long.Parse(answer.Key, NumberStyles.None, CultureInfo.InvariantCulture);
            if (!_answered.Add(visitor))
            {
                continue;
            }
            var click = _plan.AskingClickOf(visitor);
            if (_part is { } part && part.Has(click) && part.IsMeasured(click))
            {
                part.Latencies.Add(part.SinceDueMs(click, now));
            }
            Volatile.Write(ref _count, _count + 1);
        }
    }
}
