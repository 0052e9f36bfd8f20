using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Kafka;

/// <summary>
/// The coordinator of the group. A rebalance revokes first (all shards, or those that move), waits until every member has let go or is put out, and then assigns. A member that
/// is not heard of for the session timeout is put out; it learns of that when it is back.
/// </summary>
public sealed class ConsumerGroup(World world, ClusterOptions options)
{
    private readonly List<Member> _members = [];
    private readonly HashSet<Member> _awaited = [];
    private bool _again;
    private int _generation;

    /// <summary>Who reads a shard by the coordinator's book.</summary>
    public Member?[] Owners { get; } = new Member?[Cluster.Shards];

    public IReadOnlyList<Member> Members => _members;

    public int Rebalances => _generation;

    public void Join(Member member)
    {
        member.IsIn = true;
        member.OutToldMs = null;
        member.Notices.Clear();
        _members.Add(member);
        world.Trace.Add(world.NowMs, member.Name, "joins the group", Weight.News);
        Rebalance();
    }

    /// <summary>It said so, or its time is up: others get its shards.</summary>
    public void Remove(Member member, string why)
    {
        if (!member.IsIn)
        {
            return;
        }
        member.IsIn = false;
        member.Notices.Clear();
        _members.Remove(member);
        for (var shard = 0; shard < Owners.Length; shard++)
        {
            Owners[shard] = Owners[shard] == member ? null : Owners[shard];
        }
        world.Trace.Add(world.NowMs, "group", $"puts {member.Name} out: {why}", Weight.News);
        if (_awaited.Remove(member) && _awaited.Count == 0)
        {
            Assign();
        }
        Rebalance();
    }

    /// <summary>Put out without being told: a zombie.</summary>
    public void RemoveUntold(Member member, long toldMs)
    {
        if (member.IsIn)
        {
            member.OutToldMs = toldMs;
            Remove(member, "it was not heard of, and does not know");
        }
    }

    /// <summary>From now on the member is not heard of; <paramref name="isBack"/> tells whether it was again when its time is up.</summary>
    public void FallsSilent(Member member, Func<bool> isBack) => world.After(options.SessionTimeoutMs, () =>
    {
        if (!isBack() && member.IsIn)
        {
            member.OutToldMs = world.NowMs;
            Remove(member, "session timeout");
        }
    });

    public void Rebalance()
    {
        if (_awaited.Count > 0)
        {
            _again = true;
            return;
        }
        _generation++;
        var target = Target();
        foreach (var member in _members)
        {
            List<int> leaving = [.. Enumerable.Range(0, Owners.Length).Where(shard => Owners[shard] == member && (options.IsRebalancedEagerly || target[shard] != member))];
            if (leaving.Count > 0)
            {
                _awaited.Add(member);
                Tell(member, new Notice(IsRevoked: true, leaving));
            }
        }
        if (_awaited.Count == 0)
        {
            Assign();
        }
    }

    /// <summary>The member has let go.</summary>
    public void Released(Member member, IReadOnlyList<int> shards)
    {
        if (!member.IsIn)
        {
            return;
        }
        foreach (var shard in shards)
        {
            Owners[shard] = Owners[shard] == member ? null : Owners[shard];
        }
        if (_awaited.Remove(member) && _awaited.Count == 0)
        {
            Assign();
        }
    }

    private void Assign()
    {
        var target = Target();
        foreach (var member in _members)
        {
            List<int> coming = [.. Enumerable.Range(0, Owners.Length).Where(shard => Owners[shard] is null && target[shard] == member)];
            foreach (var shard in coming)
            {
                Owners[shard] = member;
            }
            if (coming.Count > 0)
            {
                Tell(member, new Notice(IsRevoked: false, coming));
            }
        }
        if (_again)
        {
            _again = false;
            world.After(1, Rebalance);
        }
    }

    /// <summary>Sticky: who has a shard keeps it while it has no more than its share. Restless: all change places each time.</summary>
    private Member?[] Target()
    {
        var target = new Member?[Owners.Length];
        if (_members.Count == 0)
        {
            return target;
        }
        if (options.IsRebalancedRestlessly)
        {
            for (var shard = 0; shard < target.Length; shard++)
            {
                target[shard] = _members[(shard + _generation) % _members.Count];
            }
            return target;
        }
        var share = (target.Length + _members.Count - 1) / _members.Count;
        var load = _members.ToDictionary(member => member, _ => 0);
        for (var shard = 0; shard < target.Length; shard++)
        {
            if (Owners[shard] is { IsIn: true } owner && load[owner] < share)
            {
                target[shard] = owner;
                load[owner]++;
            }
        }
        for (var shard = 0; shard < target.Length; shard++)
        {
            if (target[shard] is null)
            {
                var least = _members.MinBy(member => load[member])!;
                target[shard] = least;
                load[least]++;
            }
        }
        return target;
    }

    private static void Tell(Member member, Notice notice)
    {
        member.Notices.Enqueue(notice);
        member.Worker.Wake();
    }
}
