using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>What a node is made of. Each worker gets a source and an outlet of its own from the factories.</summary>
public sealed record NodeParts(
    Func<int, IClickSource> Source, Func<int, IActionOutlet> Outlet, IShardStore Store, ShardRules Rules, ClickOptions Clicks, string Owner, TimeProvider Time,
    ILoggerFactory Loggers)
{
    public CatchUp? CatchUp { get; init; }

    /// <summary>Null where nothing that was published can be read back.</summary>
    public ActionTail? Tail { get; init; }
}

/// <summary>The workers of one process, a thread each. A worker that cannot go on stops them all: a node is alive or it is not.</summary>
public sealed class EngineNode : IDisposable
{
    private readonly List<Worker> _workers = [];
    private readonly List<Thread> _threads = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private Exception? _failure;

    public EngineNode(NodeParts parts)
    {
        var count = parts.Rules.Engine.Workers > 0 ? parts.Rules.Engine.Workers : Environment.ProcessorCount;
        // Each worker takes its part of the node's bounds by the number of all.
        var rules = parts.Rules with { Engine = parts.Rules.Engine with { Workers = count } };
        var trouble = new StoreTrouble(parts.Time, parts.Loggers.CreateLogger("StreamEngine.Store"), parts.Rules.Engine.TroubleCalm);
        var kept = new KeptShards(parts.Time);
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{parts.Owner}/{i}");
            var logger = parts.Loggers.CreateLogger("StreamEngine.Worker." + i.ToString(CultureInfo.InvariantCulture));
            _workers.Add(new Worker(new WorkerParts(parts.Source(i), parts.Outlet(i), parts.Store, rules, parts.Clicks, name, parts.Time, logger)
            {
                CatchUp = parts.CatchUp,
                Trouble = trouble,
                Kept = kept,
                Tail = parts.Tail,
            }));
        }
        Readiness = new Readiness(_workers, parts.Time);
    }

    public IReadOnlyList<Worker> Workers => _workers;

    public Readiness Readiness { get; }

    /// <summary>Completes when all workers have ended; fails with what ended them.</summary>
    public Task Ended => _ended.Task;

    public void Start()
    {
        _running = _workers.Count;
        foreach (var worker in _workers)
        {
            var thread = new Thread(() => Run(worker)) { Name = "worker", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Asks the workers to commit, publish and leave; <see cref="Ended"/> tells when they have.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        Stop();
        foreach (var thread in _threads)
        {
            thread.Join();
        }
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
        _stop.Dispose();
    }

    private void Run(Worker worker)
    {
        try
        {
            worker.Run(_stop.Token);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            Stop();
        }
        if (Interlocked.Decrement(ref _running) > 0)
        {
            return;
        }
        if (_failure is { } failure)
        {
            _ended.TrySetException(failure);
        }
        else
        {
            _ended.TrySetResult();
        }
    }
}
