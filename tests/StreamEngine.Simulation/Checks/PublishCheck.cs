using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// Actions are numbered without a gap, arrive after their commit, in the order of their numbers (first arrivals), each under one id for ever. What is under way behind a message that
/// the broker refuses may overtake it; what is sent after its worker has heard of the refusal may not.
/// </summary>
public static class PublishCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            foreach (var complaint in Complaints(evidence, shard))
            {
                yield return complaint;
            }
        }
    }

    private static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence, int shard)
    {
        Dictionary<long, string> committed = [];
        Dictionary<long, string> arrived = [];
        List<long> due = [];
        HashSet<long> refused = [];
        Dictionary<string, (long Ticket, int Number)> told = new(StringComparer.Ordinal);
        var next = 1L;
        var number = 0;
        foreach (var entry in evidence.Cluster.History.Entries)
        {
            number++;
            if (entry.Shard != shard)
            {
                continue;
            }
            switch (entry)
            {
                case Written commit:
                    foreach (var row in commit.Actions.Where(row => row.Held is null))
                    {
                        if (row.Seq != committed.Count + 1)
                        {
                            yield return (commit.AtMs, $"shard {shard}: {row.Tactic} for {row.Visitor} was committed as number {row.Seq} after {committed.Count}");
                        }
                        committed[row.Seq] = row.Id.ToString();
                        if (commit.AtMs <= evidence.Plan.EndMs)
                        {
                            due.Add(row.Seq);
                        }
                    }
                    if (commit.PublishedSeq >= next)
                    {
                        yield return (commit.AtMs, $"shard {shard}: commit {commit.Seq} says that actions up to {commit.PublishedSeq} are published; action {next} has not arrived");
                    }
                    break;
                case Refused { IsAction: true } message:
                    refused.Add(message.Ticket);
                    break;
                case ToldRefusal { IsAction: true } message when !arrived.ContainsKey(message.Ticket):
                    told[message.Process] = (message.Ticket, number);
                    break;
                case Arrived { IsAction: true } action when arrived.TryGetValue(action.Ticket, out var id):
                    if (!string.Equals(id, action.Id, StringComparison.Ordinal))
                    {
                        yield return (action.AtMs, $"shard {shard}: action {action.Ticket} arrived as {id} and again as {action.Id}");
                    }
                    break;
                case Arrived { IsAction: true } action:
                    if (!committed.TryGetValue(action.Ticket, out var known) || !string.Equals(known, action.Id, StringComparison.Ordinal))
                    {
                        yield return (action.AtMs, $"shard {shard}: {action.Process} published action {action.Ticket} as {action.Id}; it is committed as {known ?? "nothing"}");
                    }
                    var hadHeard = told.TryGetValue(action.Process, out var heard) && heard.Ticket == next && action.Number > heard.Number;
                    if (action.Ticket > next && (!refused.Contains(next) || hadHeard))
                    {
                        yield return (action.AtMs, $"shard {shard}: action {action.Ticket} arrived before action {next}");
                    }
                    arrived[action.Ticket] = action.Id;
                    while (arrived.ContainsKey(next))
                    {
                        next++;
                    }
                    break;
            }
        }
        var missing = due.Where(ticket => !arrived.ContainsKey(ticket)).ToList();
        if (missing.Count > 0)
        {
            yield return (evidence.Plan.EndMs, $"shard {shard}: {missing.Count} committed actions have not arrived, the first is {missing[0]}");
        }
    }
}
