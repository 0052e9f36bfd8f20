using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>
/// Actions arrive after their commit, first arrivals in the order 1, 2, 3 without a gap, each under one id for ever, and in the end all of them. What is under way behind a message that the
/// broker refuses may overtake it, but nothing may once the engine has heard of it. Dead letters arrive before a commit steps over them.
/// </summary>
internal static class PublishCheck
{
    public static IEnumerable<string> Complaints(History history)
    {
        Dictionary<long, string> committed = [];
        Dictionary<long, string> arrived = [];
        HashSet<long> dead = [];
        HashSet<long> refused = [];
        var told = long.MaxValue;
        foreach (var entry in history.Journal)
        {
            switch (entry)
            {
                case CommitEntry { IsWritten: true } commit:
                    foreach (var row in commit.Actions.Where(row => row.Held is null))
                    {
                        if (row.Seq != committed.Count + 1)
                        {
                            yield return $"{row.Tactic} for {row.Visitor} was committed as number {row.Seq} after {committed.Count}.";
                        }
                        committed[row.Seq] = row.Id.ToString();
                    }
                    foreach (var offset in commit.DeadLetters.Where(offset => !dead.Contains(offset)))
                    {
                        yield return $"Commit {commit.Seq} steps over the unreadable record {offset}, which is not in the dead letters.";
                    }
                    break;
                case ArrivedEntry { IsAction: false } letter:
                    dead.Add(letter.Ticket);
                    break;
                case BeganEntry or TakenOverEntry:
                    told = long.MaxValue;
                    break;
                case RefusedEntry { IsAction: true } message:
                    refused.Add(message.Ticket);
                    break;
                case ToldRefusalEntry { IsAction: true } message when !arrived.ContainsKey(message.Ticket):
                    told = Math.Min(told, message.Ticket);
                    break;
                case ArrivedEntry action when arrived.TryGetValue(action.Ticket, out var id):
                    if (!string.Equals(id, action.Id, StringComparison.Ordinal))
                    {
                        yield return $"Action {action.Ticket} arrived as {id} and again as {action.Id}.";
                    }
                    break;
                case ArrivedEntry action:
                    if (!committed.TryGetValue(action.Ticket, out var known) || !string.Equals(known, action.Id, StringComparison.Ordinal))
                    {
                        yield return $"Action {action.Ticket} arrived as {action.Id} but is committed as {known ?? "nothing"}.";
                    }
                    var next = Enumerable.Range(1, arrived.Count + 1).First(ticket => !arrived.ContainsKey(ticket));
                    if (action.Ticket != next && (!refused.Contains(next) || told < action.Ticket))
                    {
                        yield return $"Action {action.Ticket} arrived before action {next}.";
                    }
                    arrived[action.Ticket] = action.Id;
                    told = action.Ticket == told ? long.MaxValue : told;
                    break;
            }
        }
        if (arrived.Count != committed.Count)
        {
            yield return $"{committed.Count} actions were committed and {arrived.Count} arrived.";
        }
    }
}
