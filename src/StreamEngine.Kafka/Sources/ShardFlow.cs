namespace StreamEngine.Kafka.Sources;

/// <summary>
/// What the worker wants of one shard, and what the client library has been told so far. The two are brought together between
/// polls, never inside a rebalance handler, where the client does not take such calls.
/// </summary>
internal sealed class ShardFlow
{
    public bool Assigned;

    /// <summary>The worker asked for records; without it an assigned shard is silent.</summary>
    public bool Reading;
    public bool Paused;

    /// <summary>Offset of the next record to hand out. Records below it are leftovers of an earlier position.</summary>
    public long Next = -1;

    /// <summary>The client's own position is <see cref="Next"/>, or will be when it resumes.</summary>
    public bool Placed;

    /// <summary>The client has been told to pause, or may remember a pause from an earlier assignment.</summary>
    public bool MaybePaused;

    /// <summary>The client has been told to pause in this assignment.</summary>
    public bool SurelyPaused;

    /// <summary>TimeProvider timestamp of its last record, or of the last time somebody wondered.</summary>
    public long HeardAt;

    /// <summary>The broker did not answer when it was asked how far the log goes.</summary>
    public bool IsEndUnknown;

    /// <summary>Its records are among those that the client waits for at the broker: it was asked something after the shard was placed or resumed, and has answered.</summary>
    public bool IsFetched;

    /// <summary>The log's end that the client's fetches have heard of, -1 unknown; and at which read that was looked up.</summary>
    public long HeardEnd = -1;
    public long HeardEndAt;

    /// <summary>The log's end when the broker was last asked for it, and when that was, as a TimeProvider timestamp; 0 before.</summary>
    public long AskedEnd = -1;
    public long AskedAt;

    /// <summary>When the broker was last asked and had no more than was read, as a TimeProvider timestamp; 0 before.</summary>
    public long WholeAt;

    /// <summary>The group has moved since the shard's last gap, and the client may have lost records of it.</summary>
    public bool MayHaveLost;

    /// <summary>What <see cref="Next"/> was when records were last fetched again.</summary>
    private long _fetchedAgainAt = -1;

    public bool Flows => Assigned && Reading && !Paused;

    public void ReadFrom(long offset)
    {
        Next = offset;
        Reading = true;
        Placed = false;
    }

    /// <summary>
    /// A record or the log's end has come, and records before it have not. Between two records of a log there may be others that are none (a transaction's mark, what
    /// was compacted): these do not come the second time either.
    /// </summary>
    /// <returns>True where they are to be fetched once more.</returns>
    public bool FetchesAgain()
    {
        if (Next < 0 || !MayHaveLost)
            return false;
        if (_fetchedAgainAt == Next)
        {
            MayHaveLost = false;
            return false;
        }
        (_fetchedAgainAt, Placed) = (Next, false);
        return true;
    }

    public void Assign()
    {
        Release();
        Assigned = true;
        MayHaveLost = true;
        MaybePaused = true;
        SurelyPaused = false;
    }

    public void Release()
    {
        Assigned = false;
        Reading = false;
        Paused = false;
        Placed = false;
        IsEndUnknown = false;
        IsFetched = false;
        (AskedEnd, AskedAt, WholeAt) = (-1, 0, 0);
        Next = -1;
    }
}
