using StreamEngine.Simulation.Databases;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Faults;

/// <summary>Lets faults befall a cluster at their times, and end.</summary>
public sealed class FaultInjector(Cluster cluster)
{
    private const long RestartRetryMs = 10_000;

    public void Plan(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            cluster.World.At(fault.AtMs, () =>
            {
                cluster.World.Trace.Add(cluster.World.NowMs, "fault", $"{fault.Kind} {Whom(fault)} {fault.Amount} for {TimeSpan.FromMilliseconds(fault.SpanMs)}", Weight.News);
                Begin(fault, cluster.Nodes[fault.Node]);
            });
        }
    }

    private static string Whom(Fault fault) => fault.Kind switch
    {
        FaultKind.BrokerDown or FaultKind.StoreDown or FaultKind.StoreSlow or FaultKind.WriteFails or FaultKind.WrittenUnknown or FaultKind.LostUnknown or FaultKind.InDoubt
            or FaultKind.ReadingBreaks or FaultKind.Rival or FaultKind.SendsRefused or FaultKind.Rebalance => "",
        _ => $"node-{(char)('a' + fault.Node)}",
    };

    private void Begin(Fault fault, Node node)
    {
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                node.Process?.CrashAfter((int)fault.Amount);
                GoDown(node, fault.SpanMs);
                break;
            case FaultKind.Stop:
                GoDown(node, fault.SpanMs);
                cluster.World.TurnAt(cluster.World.NowMs, () => cluster.Stop(node));
                break;
            case FaultKind.Freeze:
                node.Frozen++;
                FallSilent(node);
                Until(fault, () => node.Frozen--, node);
                break;
            case FaultKind.Zombie when node.Process is { } process:
                foreach (var worker in process.Workers)
                {
                    cluster.Group.RemoveUntold(worker.Member, cluster.World.NowMs + fault.SpanMs);
                }
                break;
            case FaultKind.Rebalance:
                cluster.Group.Rebalance();
                break;
            case FaultKind.BrokerDown:
                cluster.Broker.Down++;
                // The group stands still with the broker: nobody is put out meanwhile.
                Until(fault, () => cluster.Broker.Down--);
                break;
            case FaultKind.BrokerCut:
                node.CutFromBroker++;
                FallSilent(node);
                Until(fault, () => node.CutFromBroker--, node);
                break;
            case FaultKind.StoreDown:
                cluster.Database.Down++;
                Until(fault, () => cluster.Database.Down--);
                break;
            case FaultKind.StoreCut:
                node.CutFromStore++;
                Until(fault, () => node.CutFromStore--, node);
                break;
            case FaultKind.StoreSlow:
                cluster.Database.SlowMs += (int)fault.Amount;
                Until(fault, () => cluster.Database.SlowMs -= (int)fault.Amount);
                break;
            case FaultKind.WriteFails:
                Expect(Fate.Failed, fault);
                break;
            case FaultKind.WrittenUnknown:
                Expect(Fate.WrittenUnknown, fault);
                break;
            case FaultKind.LostUnknown:
                Expect(Fate.LostUnknown, fault);
                break;
            case FaultKind.InDoubt:
                Expect(Fate.InDoubt, fault);
                break;
            case FaultKind.ReadingBreaks:
                cluster.Database.BreaksNextReading = true;
                break;
            case FaultKind.Rival:
                cluster.Database.TakeOver((int)fault.Amount, "rival", "rival");
                break;
            case FaultKind.ReceiptsLate:
                node.HoldsReceipts++;
                Until(fault, () => node.HoldsReceipts--, node);
                break;
            case FaultKind.SendsRefused:
                cluster.Broker.RefusesNext += (int)fault.Amount;
                break;
            case FaultKind.JumpBack:
                foreach (var worker in WorkersOf(node))
                {
                    foreach (var shard in worker.Source.Shards)
                    {
                        worker.Source.JumpBack(shard, fault.Amount);
                    }
                    worker.Wake();
                }
                break;
            case FaultKind.OffsetMissing:
                foreach (var worker in WorkersOf(node))
                {
                    worker.Source.LoseOffset((int)fault.Amount);
                    worker.Wake();
                }
                cluster.World.After(fault.SpanMs, () => Restart(node));
                break;
            case FaultKind.LogEndUnknown:
                node.LogEndsUnknown++;
                Until(fault, () => node.LogEndsUnknown--, node);
                break;
            // Two at once would be one that is not set right in time.
            case FaultKind.ClockJump when node.ClockOff == 0 || cluster.Options.Clocks == Clocks.Wild:
                node.ClockOff++;
                node.Clock.ErrorMs += fault.Amount;
                Until(fault, () =>
                {
                    node.ClockOff--;
                    node.Clock.ErrorMs -= fault.Amount;
                    cluster.Start(node);
                }, node);
                break;
        }
    }

    /// <summary>The operator's hand: a machine that stands still is tried again.</summary>
    private void Restart(Node node)
    {
        if (node.Frozen > 0)
        {
            cluster.World.After(RestartRetryMs, () => Restart(node));
            return;
        }
        cluster.World.TurnAt(cluster.World.NowMs, () =>
        {
            cluster.Stop(node);
            cluster.Start(node);
        });
    }

    private void GoDown(Node node, long spanMs)
    {
        node.Down++;
        cluster.World.After(spanMs, () =>
        {
            node.Down--;
            cluster.Start(node);
        });
    }

    private void Expect(Fate fate, Fault fault)
    {
        for (var i = 0; i < fault.Amount; i++)
        {
            cluster.Database.Fates.Enqueue(fate);
        }
    }

    private void FallSilent(Node node)
    {
        foreach (var worker in WorkersOf(node))
        {
            cluster.Group.FallsSilent(worker.Member, () => node is { Frozen: 0, CutFromBroker: 0 });
        }
    }

    private void Until(Fault fault, Action ending, Node? node = null) => cluster.World.After(fault.SpanMs, () =>
    {
        ending();
        cluster.World.Trace.Add(cluster.World.NowMs, "fault", $"{fault.Kind} {Whom(fault)} is over", Weight.News);
        foreach (var worker in node is null ? cluster.Workers : WorkersOf(node))
        {
            worker.Wake();
        }
    });

    private static IEnumerable<NodeWorker> WorkersOf(Node node) => node.Process?.Workers ?? [];
}
