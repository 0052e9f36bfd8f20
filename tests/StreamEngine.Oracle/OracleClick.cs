namespace StreamEngine.Oracle;

/// <summary>A line of a product list; null is what was not said.</summary>
internal sealed record SaidLine(string Product, int? Quantity, decimal? Price);

/// <summary>What a record says, in the words of docs/clicks.md; null is what was not said.</summary>
internal sealed record OracleClick(string Kind)
{
    public long? EventMs { get; init; }
    public string? MessageId { get; init; }
    public string? Page { get; init; }
    public string? Device { get; init; }
    public string? Locale { get; init; }
    public decimal? ConfidencePercent { get; init; }
    public string? Currency { get; init; }
    public decimal? Value { get; init; }
    public string? OrderId { get; init; }
    public bool TellsContact { get; init; }
    public IReadOnlyDictionary<string, bool> Consents { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);
    public int? OrderCount { get; init; }
    public long? LastOrderAtMs { get; init; }
    public string? ActionId { get; init; }

    /// <summary>Null where the click has no list of products; an empty list says that the cart is empty.</summary>
    public IReadOnlyList<SaidLine>? Lines { get; init; }
}
