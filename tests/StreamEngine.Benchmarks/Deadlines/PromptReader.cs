using System.Globalization;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Deadlines;

/// <summary>A subscriber on a thread of its own: how long after their deadlines prompts are read from the topic.</summary>
public sealed class PromptReader : IDisposable
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private readonly Latencies _latencies = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly ActionConsumer _consumer;
    private readonly Thread _thread;
    private readonly int _warmUp;
    private volatile int _expected = int.MaxValue;
    private volatile bool _isStopping;

    /// <param name="warmUp">So many prompts at the beginning are not measured.</param>
    public PromptReader(KafkaSettings kafka, int warmUp)
    {
        _warmUp = warmUp;
        _consumer = new ActionConsumer(kafka);
        _thread = new Thread(Run) { IsBackground = true, Name = "prompts" };
        _thread.Start();
    }

    /// <summary>Waits for the last prompt.</summary>
    /// <exception cref="InvalidOperationException">Prompts are missing.</exception>
    public Latencies Finish(int expected)
    {
        _expected = expected;
        _thread.Join();
        return _ids.Count == expected ? _latencies : throw new InvalidOperationException($"{_ids.Count} prompts came instead of {expected}.");
    }

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        _consumer.Dispose();
    }

    private void Run()
    {
        var heardAt = TimeProvider.System.GetTimestamp();
        while (!_isStopping && _ids.Count < _expected && (_expected == int.MaxValue || TimeProvider.System.GetElapsedTime(heardAt) < SilenceMax))
        {
            if (!_consumer.TryRead(TimeSpan.FromMilliseconds(100), out var prompt))
            {
                continue;
            }
            var now = TimeProvider.System.GetUtcNow();
            heardAt = TimeProvider.System.GetTimestamp();
            // A prompt's time is its deadline's.
            var due = DateTimeOffset.Parse(prompt.Header("ce_time")!, CultureInfo.InvariantCulture);
            if (_ids.Add(prompt.Header("ce_id")!) && _ids.Count > _warmUp)
            {
                _latencies.Add((now - due).TotalMilliseconds);
            }
        }
    }
}
