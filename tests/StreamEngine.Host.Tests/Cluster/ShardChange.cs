namespace StreamEngine.Host.Tests.Cluster;

/// <summary>One committed change of a shard's row.</summary>
/// <param name="Id">In the order of the changes of a shard.</param>
/// <param name="AtMs">The server's clock, which is this machine's.</param>
/// <param name="Writer">The node whose connection wrote it, whatever the row says.</param>
/// <param name="IsCommit">False for a take-over.</param>
internal sealed record ShardChange(long Id, long AtMs, int Shard, long Epoch, string Writer, long CommitSeq, long NextOffset, bool IsCommit);
