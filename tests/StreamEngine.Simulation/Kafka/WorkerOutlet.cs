using StreamEngine.Engine.Outlets;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Kafka;

/// <summary>
/// A worker's producer: messages arrive in the order in which they were handed over, a little later or when the broker can be reached again. The broker may refuse some;
/// receipts may be late. What is under way when the process ends has arrived up to a point.
/// </summary>
public sealed class WorkerOutlet(Cluster cluster, NodeWorker worker) : IActionOutlet
{
    private const int LatencyMsMax = 20;
    private const long RetryMs = 500;

    private readonly Queue<UnderWay> _underWay = new();
    private readonly Queue<Receipt> _receipts = new();
    private bool _isPumpPlanned;

    private World World => cluster.World;

    public bool TrySend(OutgoingMessage message)
    {
        if (_underWay.Count + _receipts.Count >= cluster.Options.ProducerQueueMax)
        {
            return false;
        }
        worker.Process.Contact();
        cluster.Contacts++;
        _underWay.Enqueue(new UnderWay(message.Kept(), World.NowMs, World.NowMs + World.Random.Next(LatencyMsMax), cluster.History.Count));
        PlanPump(World.NowMs + World.Random.Next(LatencyMsMax));
        worker.Process.Contact();
        return true;
    }

    public bool TryTakeReceipt(out Receipt receipt)
    {
        receipt = default;
        if (worker.Node.HoldsReceipts > 0 || !_receipts.TryDequeue(out receipt))
        {
            return false;
        }
        cluster.Contacts++;
        if (receipt.Error is not null)
        {
            cluster.History.Add(new ToldRefusal(World.NowMs, receipt.Shard, worker.Life, receipt.Destination == Destination.Actions, receipt.Ticket));
        }
        return true;
    }

    public bool Flush(TimeSpan wait)
    {
        var untilMs = World.NowMs + (long)wait.TotalMilliseconds;
        while (_underWay.Count > 0 && World.NowMs < untilMs)
        {
            World.Wait(untilMs - World.NowMs);
        }
        return _underWay.Count == 0;
    }

    /// <summary>The process has ended.</summary>
    public void End()
    {
        for (var left = World.Random.Next(_underWay.Count + 1); left > 0 && cluster.Broker.Reaches(worker.Node); left--)
        {
            Arrive(_underWay.Dequeue());
        }
        _underWay.Clear();
    }

    public void Dispose()
    {
        // The topics stay.
    }

    private void PlanPump(long atMs)
    {
        if (!_isPumpPlanned)
        {
            _isPumpPlanned = true;
            World.At(atMs, Pump);
        }
    }

    private void Pump()
    {
        _isPumpPlanned = false;
        while (_underWay.TryPeek(out var next))
        {
            if (!cluster.Broker.Reaches(worker.Node))
            {
                if (World.NowMs - next.SentMs < cluster.Options.SendTimeoutMs)
                {
                    PlanPump(World.NowMs + RetryMs);
                    return;
                }
                Refuse(_underWay.Dequeue(), "not sent in time");
                continue;
            }
            if (next.ReadyMs > World.NowMs)
            {
                PlanPump(next.ReadyMs);
                return;
            }
            if (cluster.Broker.RefusesNext > 0)
            {
                cluster.Broker.RefusesNext--;
                Refuse(_underWay.Dequeue(), "the broker refused it");
                continue;
            }
            Arrive(_underWay.Dequeue());
        }
    }

    private void Arrive(UnderWay sent)
    {
        var message = sent.Message;
        var isAction = message.Destination == Destination.Actions;
        var id = isAction ? ShardDriver.IdOf(message) : "";
        if (isAction)
        {
            cluster.Broker.AddAction(message.Shard, id);
        }
        cluster.History.Add(new Arrived(World.NowMs, message.Shard, worker.Life, isAction, message.Ticket, id, sent.Number));
        World.Trace.Add(World.NowMs, worker.Life, $"publishes {(isAction ? "action" : "dead letter")} {message.Ticket} of shard {message.Shard} {id}", isAction ? Weight.Work : Weight.Detail);
        AddReceipt(message, null);
    }

    private void Refuse(UnderWay sent, string why)
    {
        var message = sent.Message;
        cluster.History.Add(new Refused(World.NowMs, message.Shard, worker.Life, message.Destination == Destination.Actions, message.Ticket));
        World.Trace.Add(World.NowMs, worker.Life, $"message {message.Ticket} of shard {message.Shard} is refused: {why}", Weight.News);
        AddReceipt(message, why);
    }

    private void AddReceipt(OutgoingMessage message, string? error)
    {
        _receipts.Enqueue(new Receipt(message.Destination, message.Shard, message.Ticket, error));
        worker.Wake();
    }

    private sealed record UnderWay(OutgoingMessage Message, long SentMs, long ReadyMs, int Number);
}
