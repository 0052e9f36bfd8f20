namespace StreamEngine.Engine.Shards;

/// <summary>
/// The visitors of a shard who only browse and are in no log, in the order of their last click, oldest first. A session is in this order or in that of the
/// shard log, so it needs one number for both.
/// </summary>
internal sealed class BrowserList
{
    private readonly SessionOrder _order = new();

    public int Count => _order.Count;

    public ResidentSession? Oldest => _order.First;

    /// <summary>Puts it behind all others, whether it was in the list or not.</summary>
    public void Touch(ResidentSession session)
    {
        session.IsBrowser = true;
        _order.MoveToEnd(session);
    }

    /// <summary>Nothing happens to one that is not in the list.</summary>
    public void Remove(ResidentSession session)
    {
        if (session.IsBrowser)
        {
            session.IsBrowser = false;
            _order.Remove(session);
        }
    }
}
