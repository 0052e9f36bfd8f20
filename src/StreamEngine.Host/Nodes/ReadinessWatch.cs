using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Workers;

namespace StreamEngine.Host.Nodes;

/// <summary>Logs when a node gets ready, and when it is not any more and why. Looks once a second until disposed.</summary>
public sealed partial class ReadinessWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>So many looks in a row must find it not ready: a rebalance is no news.</summary>
    private const int LooksMin = 3;

    private readonly EngineNode _engine;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _isReady;
    private int _looks;

    public ReadinessWatch(EngineNode engine, TimeProvider time, ILogger<ReadinessWatch> logger)
    {
        _engine = engine;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var reasons = _engine.Readiness.Look();
        var isReady = reasons.Count == 0;
        _looks = isReady == _isReady ? 0 : _looks + 1;
        if (_looks == 0 || (!isReady && _looks < LooksMin))
        {
            return;
        }
        (_isReady, _looks) = (isReady, 0);
        if (isReady)
        {
            LogReady(_engine.Workers.Sum(static worker => worker.Stats.OpenShards));
        }
        else
        {
            LogNotReady(string.Join("; ", reasons));
        }
    }

    [LoggerMessage(401, LogLevel.Information, "Ready: {Shards} shards are open and read.")]
    private partial void LogReady(int shards);

    [LoggerMessage(402, LogLevel.Warning, "Not ready: {Reasons}.")]
    private partial void LogNotReady(string reasons);
}
