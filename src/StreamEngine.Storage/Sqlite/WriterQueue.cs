using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// What waits for the writing thread, in order of arrival: batches, and questions whose asker blocks. It has no bound of its own,
/// since a worker has at most two batches in flight and one question. The thread sleeps by a monitor: a <see cref="SemaphoreSlim"/> spins first, 19,700 yields
/// a second beside a drain, on the worker's core where there is no other.
/// </summary>
internal sealed class WriterQueue
{
    private readonly object _gate = new();
    private List<Work> _waiting = [];
    private bool _closed;

    /// <summary>False once the queue is closed: the work will not be looked at.</summary>
    public bool TryAdd(Work work)
    {
        lock (_gate)
        {
            if (_closed) return false;
            _waiting.Add(work);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for work and takes all of it, none after <paramref name="waitMax"/>; the emptied list takes its place.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool TakeAll(ref List<Work> taken, TimeSpan waitMax)
    {
        taken.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                if (!Monitor.Wait(_gate, waitMax)) return true;
            }
            if (_waiting.Count == 0) return false;
            (taken, _waiting) = (_waiting, taken);
            return true;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }
}

/// <summary>Either a batch, or a question.</summary>
internal readonly record struct Work(CommitBatch? Batch, Question? Question);

/// <summary>Something the writing thread does for a caller who waits for the answer.</summary>
internal abstract class Question
{
    /// <summary>Never throws: the exception is the answer.</summary>
    /// <returns>False where it was one.</returns>
    public abstract bool Answer(Func<SqliteWriter> writer);
}

internal sealed class Question<T>(Func<SqliteWriter, T> ask) : Question
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool Answer(Func<SqliteWriter> writer)
    {
        try
        {
            _answer.SetResult(ask(writer()));
            return true;
        }
        catch (Exception error)
        {
            _answer.SetException(error);
            return false;
        }
    }

    public T Wait() => _answer.Task.GetAwaiter().GetResult();
}
