using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>An unreadable record is in the dead letters before a commit steps over it.</summary>
public static class DeadLetterCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            HashSet<long> dead = [];
            foreach (var entry in evidence.Of(shard))
            {
                if (entry is Arrived { IsAction: false } letter)
                {
                    dead.Add(letter.Ticket);
                }
                foreach (var offset in entry is Written commit ? commit.DeadLetters.Where(offset => !dead.Contains(offset)) : [])
                {
                    yield return (entry.AtMs, $"shard {shard}: a commit of {entry.Process} steps over the unreadable record {offset}, which is not in the dead letters");
                }
            }
        }
    }
}
