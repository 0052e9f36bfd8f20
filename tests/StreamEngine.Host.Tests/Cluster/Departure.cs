namespace StreamEngine.Host.Tests.Cluster;

/// <summary>How a node left the shards it had.</summary>
internal enum Leaving
{
    /// <summary>SIGTERM.</summary>
    InOrder,

    /// <summary>kill -9.</summary>
    Killed,

    /// <summary>SIGSTOP: it came back later and did not know.</summary>
    StoodStill,
}

/// <param name="AtMs">When the signal was sent.</param>
internal sealed record Departure(Leaving Leaving, string Node, long AtMs);
