using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Shoppers;

/// <summary>
/// What a right engine must find when it has read a whole generated stream and the time of every partition has passed <see cref="EndMs"/>.
/// The figures come from the plans of the shoppers, not from the clicks: they hold for the session options written here and no others.
/// Amounts are in minor units by currency.
/// </summary>
public sealed record ExpectedFigures
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required ulong Seed { get; init; }
    public required long StartMs { get; init; }

    /// <summary>Time of the last clicks, which every partition gets; without them the time that partitions must reach by other means.</summary>
    public required long EndMs { get; init; }
    public required long IdleAfterMs { get; init; }
    public required long ExitAfterMs { get; init; }
    public required long RecoveredWithinMs { get; init; }

    /// <summary>All records, with duplicates and ticks.</summary>
    public required long Records { get; init; }

    /// <summary>Clicks that only keep the time of every partition going.</summary>
    public required long Ticks { get; init; }

    /// <summary>Shoppers; the visitors of the ticks are not among them.</summary>
    public required long Visitors { get; init; }

    /// <summary>All records by the name of their kind.</summary>
    public required IReadOnlyDictionary<string, long> RecordsByKind { get; init; }
    public required long Duplicates { get; init; }

    /// <summary>Second deliveries. Of these, an engine must notice those of clicks that are not idempotent (ProductAdded, ChatMessageReceived, OrderCompleted, ...).</summary>
    public required IReadOnlyDictionary<string, long> DuplicatesByKind { get; init; }

    /// <summary>Records that are delivered behind later clicks of their visitor, duplicates not counted.</summary>
    public required long Late { get; init; }

    /// <summary>Visitors that ever had something in a cart.</summary>
    public required long Carts { get; init; }

    /// <summary>Visitors that ordered; nobody orders twice.</summary>
    public required long Purchases { get; init; }
    public required long CartsEmptied { get; init; }

    /// <summary>Episodes: a cart that is left twice counts twice, with its value at each time.</summary>
    public required long CartsAbandoned { get; init; }
    public required IReadOnlyDictionary<string, long> AbandonedValueMinor { get; init; }

    /// <summary>Orders after an abandonment; they are among the purchases, too.</summary>
    public required long CartsRecovered { get; init; }
    public required IReadOnlyDictionary<string, long> RecoveredValueMinor { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static ExpectedFigures FromJson(string json) =>
        JsonSerializer.Deserialize<ExpectedFigures>(json, s_json) ?? throw new JsonException("expected figures are null");
}

/// <summary>Adds the figures up while a stream is played.</summary>
internal sealed class FigureCounter
{
    private readonly long[] _records = new long[Enum.GetValues<ClickKind>().Length];
    private readonly long[] _duplicates = new long[Enum.GetValues<ClickKind>().Length];
    private long _late;
    private long _carts;
    private long _purchases;
    private long _emptied;
    private long _abandoned;
    private long _abandonedMinor;
    private long _recovered;
    private long _recoveredMinor;

    public long Visitors { get; private set; }

    public long Ticks { get; private set; }

    public void Plan(in Outcome outcome)
    {
        Visitors++;
        _carts += outcome.HasCart ? 1 : 0;
        _purchases += outcome.Buys ? 1 : 0;
        _emptied += outcome.Plan == ShopperPlan.Empty ? 1 : 0;
        _abandoned += outcome.Abandonments;
        _abandonedMinor += outcome.AbandonedMinor;
        if (outcome.IsRecovered)
        {
            _recovered++;
            _recoveredMinor += outcome.OrderMinor;
        }
    }

    public void Play(in Step step)
    {
        _records[(int)step.Kind]++;
        if (step.IsDuplicate)
        {
            _duplicates[(int)step.Kind]++;
        }
        else if (step.AgeMs > 0)
        {
            _late++;
        }
    }

    public void PlayTick()
    {
        _records[(int)ClickKind.Page]++;
        Ticks++;
    }

    public ExpectedFigures ToFigures(ShopperOptions options, long endMs)
    {
        var currency = options.Sessions.Currency.ToString();
        return new ExpectedFigures
        {
            Seed = options.Seed,
            StartMs = options.StartMs,
            EndMs = endMs,
            IdleAfterMs = options.Sessions.IdleAfterMs,
            ExitAfterMs = options.Sessions.ExitAfterMs,
            RecoveredWithinMs = options.Sessions.RecoveredWithinMs,
            Records = _records.Sum(),
            Ticks = Ticks,
            Visitors = Visitors,
            RecordsByKind = ByKind(_records),
            Duplicates = _duplicates.Sum(),
            DuplicatesByKind = ByKind(_duplicates),
            Late = _late,
            Carts = _carts,
            Purchases = _purchases,
            CartsEmptied = _emptied,
            CartsAbandoned = _abandoned,
            AbandonedValueMinor = new Dictionary<string, long>(StringComparer.Ordinal) { [currency] = _abandonedMinor },
            CartsRecovered = _recovered,
            RecoveredValueMinor = new Dictionary<string, long>(StringComparer.Ordinal) { [currency] = _recoveredMinor },
        };
    }

    private static Dictionary<string, long> ByKind(long[] counts)
    {
        var byKind = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<ClickKind>())
        {
            if (counts[(int)kind] > 0)
            {
                byKind.Add(kind.ToString(), counts[(int)kind]);
            }
        }
        return byKind;
    }
}
