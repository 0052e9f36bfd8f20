namespace StreamEngine.Engine.Workers;

/// <summary>How a worker starts what waits for its store: taking a shard over, a page of its outbox, what became of a commit.</summary>
public static class StoreReads
{
    /// <summary>The worker goes on polling meanwhile: one that waits for its store would lose its place in the group.</summary>
    public static void Beside(Task read) => read.Start(TaskScheduler.Default);

    /// <summary>Inside the loop: for those who want one thread.</summary>
    public static void AtOnce(Task read) => read.RunSynchronously(TaskScheduler.Default);
}
