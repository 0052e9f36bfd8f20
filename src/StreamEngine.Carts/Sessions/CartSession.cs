using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>
/// The state of one visitor's session: plain data, changed only by <see cref="CartActor"/> and read back by <see cref="SessionCodec"/>.
/// Times are Unix ms in shard time unless they say event time (the browser's clock, never later than the record); 0 means never.
/// The engine derives from it to add its own links, so that a resident session is one object.
/// </summary>
public class CartSession(byte[] visitor)
{
    private static readonly SessionExtras s_none;

    // One at most, beside those of other sessions.
    private SlabList<SessionExtras> _extras;

    // Packed: a structure takes 8 B in an object, however small it is. Who browses takes 340 B, 348 with these two as they are told.
    private uint _currency;
    private byte _consents;

    /// <summary>The record key, UTF-8.</summary>
    public byte[] Visitor { get; } = visitor;

    /// <summary>Record time of the first click: tells this session from an earlier one of the same visitor.</summary>
    public long StartedMs { get; set; }
    public CartPhase Phase { get; set; }
    public PageType Page { get; set; }
    public Device Device { get; set; }
    public VisitorSegment Segment { get; set; }
    public ConsentSet Consents { get => new(_consents); set => _consents = value.Bits; }
    public bool HasEmail { get; set; }
    public bool HasPhone { get; set; }

    /// <summary>Of the lines; the store's default until a click says another.</summary>
    public Currency Currency { get => Currency.FromPacked(_currency); set => _currency = value.Packed; }
    public long LastActivityMs { get; set; }

    /// <summary>Event time of the newest click: what is older came late.</summary>
    public long LastEventMs { get; set; }
    public long PageSinceMs { get; set; }

    /// <summary>Dwell tactics up to this dwell have had their turn on this page; -1 none.</summary>
    public long DwellDoneMs { get; set; } = -1;
    public long ExitDueMs { get; set; }

    /// <summary>Start of the open episode, also after the visitor returned; 0 when there is none to recover.</summary>
    public long AbandonedMs { get; set; }

    /// <summary>Offset tactics up to this offset have had their turn in this episode; -1 none.</summary>
    public long OffsetDoneMs { get; set; } = -1;
    public int Episode { get; set; }

    /// <summary>Event time of the last cart snapshot: single additions before it are contained in it.</summary>
    public long SnapshotEventMs { get; set; }

    /// <summary>Event time of the last change of the cart: snapshots before it are stale.</summary>
    public long CartEventMs { get; set; }

    /// <summary>Event time of the last order: cart clicks up to it belong to what was bought.</summary>
    public long OrderEventMs { get; set; }

    /// <summary>The session is not forgotten before.</summary>
    public long RememberUntilMs { get; set; }

    /// <summary>Token bucket, as the time at which it would be full again (GCRA): one number instead of two. In us: a rate need not be a whole number of ms.</summary>
    public long ThrottleUs { get; set; }

    /// <summary>Cart value as a checkout stated it, for carts whose lines are not known; -1 absent.</summary>
    public long StatedValueMinor { get; set; } = -1;

    public CartLines Lines;
    public MessageRing Messages;
    public TacticCounters Counters;

    /// <summary>Nearly every browser tells it: here and not in <see cref="Extras"/>, or nearly every session had those for its sake.</summary>
    public byte[]? Locale { get; set; }

    /// <summary>To look at: nothing is in it where this session has none.</summary>
    public ref readonly SessionExtras Extras
    {
        get
        {
            if (_extras.Count == 0)
            {
                return ref s_none;
            }
            return ref _extras.Span[0];
        }
    }

    public bool HasExtras => _extras.Count > 0;

    public long ValueMinor => Lines.Count == 0 && StatedValueMinor >= 0 ? StatedValueMinor : Lines.ValueMinor;

    /// <summary>Neither lines nor a stated value: there is no currency that a price without one could mean.</summary>
    public bool IsCartEmpty => Lines.Count == 0 && StatedValueMinor < 0;

    public bool HasLiveCart => Phase is CartPhase.Carting or CartPhase.Checkout or CartPhase.Abandoned;

    /// <summary>Browsing visitors live in memory only: most traffic costs the database nothing.</summary>
    public bool IsDurable => Phase != CartPhase.Browsing || RememberUntilMs > 0;

    /// <summary>Begins to bring near what lies outside this object.</summary>
    public void ExpectLists()
    {
        Lines.Expect();
        Messages.Expect();
        Counters.Expect();
        _extras.Expect();
    }

    /// <summary>The session is over: its lists give their memory back.</summary>
    public void Release(SessionMemory memory)
    {
        Lines.Clear(memory.Lines);
        Messages.Clear(memory.Messages);
        Counters.Clear(memory.Counters);
        if (HasExtras)
        {
            GetExtras(memory).Release(memory);
            _extras.Release(memory.Extras);
        }
    }

    /// <summary>To change; from then on this session has some.</summary>
    public ref SessionExtras GetExtras(SessionMemory memory)
    {
        if (_extras.Count == 0)
        {
            return ref _extras.Add(memory.Extras);
        }
        return ref _extras.Span[0];
    }
}
