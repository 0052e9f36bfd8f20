using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Commits;

/// <summary>
/// A worker's commits on their way to the store: built, then handed over once the dead letters they step over are safe, then waited for; in
/// order, at most two at a time, so that the next is built while one is written. Nothing here blocks: an unknown outcome is looked up beside the worker.
/// Each home has a queue of its own: one that is slow or away holds up nobody but its own shards.
/// </summary>
internal sealed class CommitPipeline(IShardStore store, TimeProvider time, int wakesMax, Action<Task> startRead, Action onDone)
{
    public const int InFlightMax = 2;

    private readonly Queue<Pending>[] _homes = [.. Enumerable.Range(0, store.Homes).Select(static _ => new Queue<Pending>())];
    private readonly DrainWindow[] _drains = [.. Enumerable.Range(0, store.Homes).Select(_ => new DrainWindow(wakesMax))];
    private readonly long[] _doneAt = new long[store.Homes];
    private readonly StorePace[] _paces = [.. Enumerable.Range(0, store.Homes).Select(static _ => new StorePace())];
    private readonly Stack<ShardCommit> _spares = new();
    private readonly Stack<Pending> _spareBatches = new();

    public int InFlight
    {
        get
        {
            var count = 0;
            foreach (var queue in _homes)
            {
                count += queue.Count;
            }
            return count;
        }
    }

    /// <summary>How long the last commit took from hand-over to outcome, ms.</summary>
    public double LastMs { get; private set; }

    /// <summary>As many commits of the shard's home are under way as there may be.</summary>
    public bool IsFull(Shard shard) => _homes[store.HomeOf(shard.Id)].Count >= InFlightMax;

    /// <summary>A commit of the shard's home is under way.</summary>
    public bool IsUnderWay(Shard shard) => _homes[store.HomeOf(shard.Id)].Count > 0;

    /// <summary>What is under way of the shard's home, if anything, may be done after this time.</summary>
    public bool MayEndWithin(Shard shard, TimeSpan wait)
    {
        var home = store.HomeOf(shard.Id);
        return !_homes[home].TryPeek(out var first)
            || (first.IsSubmitted && time.GetElapsedTime(Math.Max(first.SubmittedAt, _doneAt[home])) + wait >= _paces[home].Least);
    }

    /// <summary>One is under way that holds what deadlines have woken.</summary>
    public bool HasWakes(Shard shard) => Wakes(store.HomeOf(shard.Id)) > 0;

    /// <summary>Sessions that deadlines have woken, in the commits under way to a home.</summary>
    public int Wakes(int home)
    {
        var wakes = 0;
        foreach (var pending in _homes[home])
        {
            wakes += pending.Wakes;
        }
        return wakes;
    }

    /// <summary>Sessions of a home that deadlines may have woken and whose commit is not done.</summary>
    public int WakesMax(int home) => _drains[home].Size;

    /// <summary>So many woken sessions are worth a commit.</summary>
    public int WakesDue
    {
        get
        {
            var due = int.MaxValue;
            foreach (var drain in _drains)
            {
                due = Math.Min(due, drain.Due);
            }
            return due;
        }
    }

    /// <summary>Builds one commit a home of all given shards; they must be open.</summary>
    public void Build(List<Shard> shards)
    {
        for (var home = 0; home < _homes.Length; home++)
        {
            Build(home, shards);
        }
    }

    /// <summary>Hands over what may go: in order, so a batch also waits for the one before it.</summary>
    public void Submit(Func<Shard, bool> isOpen)
    {
        foreach (var queue in _homes)
        {
            Submit(queue, isOpen);
        }
    }

    /// <summary>Calls back for each shard of each commit whose outcome is known, in order.</summary>
    /// <exception cref="EngineFatalException">The store is lost.</exception>
    public void Finish(Action<Shard, ShardCommit> onOutcome)
    {
        if (store.Loss is { } loss)
        {
            throw loss;
        }
        for (var home = 0; home < _homes.Length; home++)
        {
            Finish(home, onOutcome);
        }
    }

    public bool Concerns(Shard shard)
    {
        foreach (var pending in _homes[store.HomeOf(shard.Id)])
        {
            if (pending.Shards.Contains(shard))
            {
                return true;
            }
        }
        return false;
    }

    private void Build(int home, List<Shard> shards)
    {
        Pending? pending = null;
        foreach (var shard in shards)
        {
            if (store.HomeOf(shard.Id) != home)
            {
                continue;
            }
            pending ??= _spareBatches.TryPop(out var spare) ? spare : new Pending(onDone);
            pending.Wakes += shard.UncommittedWakes;
            pending.Batch.Shards.Add(shard.BuildCommit(_spares.TryPop(out var commit) ? commit : new ShardCommit()));
            pending.Shards.Add(shard);
            pending.DeadLetterTickets.Add(shard.DeadLetters.LastTicket);
        }
        if (pending is not null)
        {
            _homes[home].Enqueue(pending);
        }
    }

    private void Submit(Queue<Pending> queue, Func<Shard, bool> isOpen)
    {
        foreach (var pending in queue)
        {
            if (pending.IsSubmitted)
            {
                continue;
            }
            for (var i = 0; i < pending.Shards.Count; i++)
            {
                if (pending.Shards[i].DeadLetters.AcknowledgedTicket < pending.DeadLetterTickets[i] && isOpen(pending.Shards[i]))
                {
                    return;
                }
            }
            // A shard that was given up while its batch waited must not be written any more: its dead letters may not be safe.
            for (var i = pending.Shards.Count - 1; i >= 0; i--)
            {
                if (!isOpen(pending.Shards[i]))
                {
                    pending.Batch.Shards.RemoveAt(i);
                    pending.Shards.RemoveAt(i);
                    pending.DeadLetterTickets.RemoveAt(i);
                }
            }
            (pending.IsSubmitted, pending.SubmittedAt) = (true, time.GetTimestamp());
            if (pending.Shards.Count == 0)
            {
                pending.Batch.Complete();
                continue;
            }
            store.Submit(pending.Batch);
        }
    }

    private void Finish(int home, Action<Shard, ShardCommit> onOutcome)
    {
        var queue = _homes[home];
        while (queue.TryPeek(out var pending) && pending.IsSubmitted && pending.Batch.IsDone && IsResolved(pending))
        {
            queue.Dequeue();
            var sinceHandOver = time.GetElapsedTime(pending.SubmittedAt);
            LastMs = sinceHandOver.TotalMilliseconds;
            // Not since the one before it: the store may have made one of two.
            _paces[home].Add(sinceHandOver);
            // The one before it may have kept the store busy.
            _drains[home].Committed(pending.Wakes, time.GetElapsedTime(Math.Max(pending.SubmittedAt, _doneAt[home])), _paces[home].Least);
            _doneAt[home] = time.GetTimestamp();
            for (var i = 0; i < pending.Shards.Count; i++)
            {
                onOutcome(pending.Shards[i], pending.Batch.Shards[i]);
            }
            foreach (var commit in pending.Batch.Shards)
            {
                commit.Reset();
                _spares.Push(commit);
            }
            pending.Reset();
            _spareBatches.Push(pending);
        }
    }

    /// <summary>True once no outcome of the batch is unknown. The store may be away for long, and a worker that waits for it would lose its place in the group.</summary>
    private bool IsResolved(Pending pending)
    {
        if (pending.Resolution is null)
        {
            if (!pending.Batch.Shards.Exists(static commit => commit.Outcome == CommitOutcome.Unknown))
            {
                return true;
            }
            pending.Resolution = Resolution(pending.Batch);
            startRead(pending.Resolution);
        }
        return pending.Resolution.IsCompleted;
    }

    // A method of its own: what a lambda catches is made when its method begins, and that would be for every commit.
    // On a thread of its own, since it waits for as long as the store is away.
    private Task Resolution(CommitBatch batch) => new(() => Resolve(batch), TaskCreationOptions.LongRunning);

    private void Resolve(CommitBatch batch)
    {
        foreach (var commit in batch.Shards)
        {
            if (commit.Outcome != CommitOutcome.Unknown)
            {
                continue;
            }
            try
            {
                var found = store.ResolveCommitSeq(commit.Shard, commit.Epoch);
                commit.Outcome = found < 0 ? CommitOutcome.Fenced : found >= commit.CommitSeq ? CommitOutcome.Committed : CommitOutcome.Failed;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Taking the shard over anew tells for certain, too.
                commit.Outcome = CommitOutcome.Failed;
                commit.Error = $"{commit.Error} Whether it was written could not be asked: {e.Message}";
            }
        }
        onDone();
    }

    private sealed class Pending(Action onDone)
    {
        public CommitBatch Batch { get; } = new(onDone);
        public List<Shard> Shards { get; } = [];
        public List<long> DeadLetterTickets { get; } = [];
        public int Wakes { get; set; }
        public bool IsSubmitted { get; set; }
        public long SubmittedAt { get; set; }

        /// <summary>The search for unknown outcomes; null while there was none to search.</summary>
        public Task? Resolution { get; set; }

        public void Reset()
        {
            Batch.Reset();
            Shards.Clear();
            DeadLetterTickets.Clear();
            (Wakes, IsSubmitted, SubmittedAt, Resolution) = (0, false, 0, null);
        }
    }
}
