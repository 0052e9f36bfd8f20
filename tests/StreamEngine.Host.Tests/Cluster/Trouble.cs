namespace StreamEngine.Host.Tests.Cluster;

/// <summary>What may happen to a cluster.</summary>
internal enum Trouble
{
    KillAtRandom,
    KillBeforeCommit,
    KillInsideCommit,
    KillAfterCommit,

    /// <summary>An action is on the topic, and the commit that would say so has not been written.</summary>
    KillAfterPublish,

    /// <summary>A node stands still for longer than its session lasts, and goes on as if nothing had been.</summary>
    StandStill,

    /// <summary>A node is stopped in order and another one started.</summary>
    Roll,

    /// <summary>3 nodes, then 6, then 2, then 3.</summary>
    Scale,
    StopBroker,
    KillBroker,
    StopDatabase,
    KillDatabase,
}
