namespace StreamEngine.Simulation.Shops;

/// <summary>
/// The shop's producers: each click is sent at its time. What a broker that is gone does not take waits, each visitor's clicks in their order, and at milliseconds of his own when they are
/// taken; nothing is sent after the story's end.
/// </summary>
public sealed class ClickSender(Cluster cluster, ShopStory story)
{
    private const long RetryMs = 10_000;

    private readonly Dictionary<byte[], Queue<ShopClick>> _waiting = new(Carts.Utf8Comparer.Instance);

    public void Plan()
    {
        foreach (var click in story.Clicks)
        {
            cluster.World.At(click.AtMs, () => Send(click));
        }
    }

    private void Send(ShopClick click)
    {
        if (_waiting.TryGetValue(click.Key, out var waiting))
        {
            waiting.Enqueue(click);
        }
        else if (cluster.Broker.Down > 0)
        {
            _waiting.Add(click.Key, new Queue<ShopClick>([click]));
            cluster.World.At(click.AtMs + Math.Max(RetryMs, story.StepMs), () => SendWaiting(click.Key));
        }
        else
        {
            cluster.Append(click.Shard, click.Key, click.Value, click.Skip);
        }
    }

    private void SendWaiting(byte[] visitor)
    {
        var nowMs = cluster.World.NowMs;
        if (cluster.Broker.Down > 0 && nowMs < story.EndMs)
        {
            cluster.World.At(nowMs + Math.Max(RetryMs, story.StepMs), () => SendWaiting(visitor));
            return;
        }
        if (nowMs < story.EndMs && _waiting[visitor].TryDequeue(out var click))
        {
            cluster.Append(click.Shard, click.Key, click.Value, click.Skip);
            cluster.World.At(nowMs + story.StepMs, () => SendWaiting(visitor));
            return;
        }
        _waiting.Remove(visitor);
    }
}
