namespace StreamEngine.Engine.Shards;

/// <summary>
/// The visitors of a shard who only browse and are in no log, in the order of their last click, oldest first. They use the links by which the others hang in the
/// shard log's order: a session is in one list or the other, so the bound on memory costs no memory.
/// </summary>
internal sealed class BrowserList
{
    private ResidentSession? _oldest;
    private ResidentSession? _newest;

    public int Count { get; private set; }

    public ResidentSession? Oldest => _oldest;

    /// <summary>Puts it behind all others, whether it was in the list or not.</summary>
    public void Touch(ResidentSession session)
    {
        if (ReferenceEquals(session, _newest))
        {
            return;
        }
        Remove(session);
        session.IsBrowser = true;
        session.LogPrevious = _newest;
        if (_newest is null)
        {
            _oldest = session;
        }
        else
        {
            _newest.LogNext = session;
        }
        _newest = session;
        Count++;
    }

    /// <summary>Nothing happens to one that is not in the list.</summary>
    public void Remove(ResidentSession session)
    {
        if (!session.IsBrowser)
        {
            return;
        }
        if (session.LogPrevious is { } previous)
        {
            previous.LogNext = session.LogNext;
        }
        else
        {
            _oldest = session.LogNext;
        }
        if (session.LogNext is { } next)
        {
            next.LogPrevious = session.LogPrevious;
        }
        else
        {
            _newest = session.LogPrevious;
        }
        (session.LogPrevious, session.LogNext, session.IsBrowser) = (null, null, false);
        Count--;
    }
}
