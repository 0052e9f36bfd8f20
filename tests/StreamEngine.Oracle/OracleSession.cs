namespace StreamEngine.Oracle;

internal sealed record CartItem(string Product, int Quantity, long? PriceMinor)
{
    public long ValueMinor => (PriceMinor ?? 0) * Quantity;
}

/// <summary>A decision of a tactic, kept for as long as the session lives: every limit is counted from these.</summary>
internal sealed record PastDecision(string Tactic, int Cart, string Held, long DueMs)
{
    public bool Counts => Held is "" or "HoldOut";
}

internal sealed record WaitingAction(string Id, long NotBeforeMs);

/// <summary>Everything known of one visitor, from the first click to the end of docs/session.md. Times in Unix ms, shard time unless they say event time.</summary>
internal sealed class OracleSession(long startedMs, string currency)
{
    public long StartedMs { get; } = startedMs;
    public string Phase { get; set; } = "Browsing";
    public string? Page { get; set; }
    public long PageOpenedMs { get; set; }
    public long DwellDoneMs { get; set; } = -1;
    public string Device { get; set; } = "Unknown";
    public string Segment { get; set; } = "New";
    public string? Locale { get; set; }
    public string Currency { get; set; } = currency;
    public Dictionary<string, bool> Consents { get; } = new(StringComparer.Ordinal);

    /// <summary>By channel, event time.</summary>
    public Dictionary<string, long> WithdrawnMs { get; } = new(StringComparer.Ordinal);
    public long LastActivityMs { get; set; }
    public long NewestEventMs { get; set; }
    public long? ExitDueMs { get; set; }
    public long? AbandonedMs { get; set; }
    public long OffsetDoneMs { get; set; } = -1;
    public int Episode { get; set; }
    public long SnapshotEventMs { get; set; }
    public long CartEventMs { get; set; }
    public long? OrderEventMs { get; set; }
    public string? LastOrderId { get; set; }
    public IReadOnlyList<string> Bought { get; set; } = [];
    public long RememberUntilMs { get; set; }
    public List<CartItem> Items { get; set; } = [];
    public long? StatedMinor { get; set; }
    public List<string> HarmfulTwice { get; } = [];
    public List<PastDecision> Decisions { get; } = [];
    public List<WaitingAction> Waiting { get; } = [];

    /// <summary>Carts are numbered, since some limits count by the cart.</summary>
    public int Cart { get; private set; }

    /// <summary>Of the throttle's bucket, in us of waiting time; null while it is full.</summary>
    public (long Us, long AtMs)? Bucket { get; set; }

    public bool IsOpen => Phase is "Carting" or "Checkout";

    public bool IsDurable => Phase is not "Browsing" || RememberUntilMs > 0;

    public bool HasCart => Items.Count > 0 || StatedMinor is not null;

    public long ValueMinor => Items.Count == 0 ? StatedMinor ?? 0 : Items.Sum(i => i.ValueMinor);

    public string Lines => string.Join(", ", Items.Select(i => $"{i.Product} x {i.Quantity} @ {i.PriceMinor?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}"));

    public void EndCart()
    {
        Items = [];
        StatedMinor = null;
        AbandonedMs = null;
        OffsetDoneMs = -1;
        Cart++;
    }
}
