using System.Collections.Concurrent;
using StreamEngine.Kafka;

namespace StreamEngine.Host.Demo;

/// <summary>A subscriber of the actions topic, as a downstream service would be: counts what arrives and drops ids it knows.</summary>
public sealed class ActionsSeen : IDisposable
{
    private readonly ActionConsumer _consumer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _byType = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Thread _thread;
    private long _repeated;

    public ActionsSeen(KafkaSettings kafka)
    {
        _consumer = new ActionConsumer(kafka, fromBeginning: false);
        _thread = new Thread(Run) { Name = "subscriber", IsBackground = true };
        _thread.Start();
    }

    public IReadOnlyDictionary<string, long> ByType => _byType;

    public long Total => _byType.Values.Sum();

    public long Repeated => Volatile.Read(ref _repeated);

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _consumer.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (!_consumer.TryRead(TimeSpan.FromMilliseconds(100), out var action))
            {
                continue;
            }
            if (_ids.Add(action.Header("ce_id") ?? ""))
            {
                _byType.AddOrUpdate(action.Header("ce_type") ?? "", 1, static (_, count) => count + 1);
            }
            else
            {
                Volatile.Write(ref _repeated, _repeated + 1);
            }
        }
    }
}
