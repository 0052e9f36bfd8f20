using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>A tactic as the click path wants it: masks and minor units, no words to compare.</summary>
public sealed class CompiledTactic
{
    /// <summary>Where a tactic names no phase it does not act on somebody who has bought.</summary>
    private const int DefaultPhases = (1 << CartMoves.PhaseCount) - 1 & ~((1 << (int)CartPhase.Purchased) | (1 << (int)CartPhase.Recovered));
    private const int All = -1;

    private readonly int _phases;
    private readonly int _pages;
    private readonly int _segments;
    private readonly int _devices;
    private readonly long _valueMinMinor;
    private readonly long _valueMaxMinor;
    private readonly Currency _valueCurrency;
    private readonly byte[][] _locales;
    private readonly string?[] _heldWords = new string?[Enum.GetValues<Actions.HeldReason>().Length];

    public CompiledTactic(Tactic source, Currency storeCurrency)
    {
        Source = source;
        Id = IdOf(source.Name);
        TriggerWords = Wording.Of(source.On);
        var conditions = source.If;
        ValueWords = Wording.OfValueRange(conditions);
        _phases = Mask(conditions.Phases, DefaultPhases);
        _pages = Mask(conditions.Pages, All);
        _segments = Mask(conditions.Segments, All);
        _devices = Mask(conditions.Devices, All);
        HasValueRange = conditions.ValueMin is not null || conditions.ValueMax is not null;
        _valueCurrency = conditions.Currency.IsNone ? storeCurrency : conditions.Currency;
        _valueMinMinor = conditions.ValueMin is { } min ? Money.MinorFromUnits(min, _valueCurrency) : 0;
        _valueMaxMinor = conditions.ValueMax is { } max ? Money.MinorFromUnits(max, _valueCurrency) : long.MaxValue;
        _locales = new byte[conditions.Locales.Count][];
        for (var i = 0; i < _locales.Length; i++)
        {
            _locales[i] = System.Text.Encoding.UTF8.GetBytes(conditions.Locales[i]);
        }

        static int Mask<T>(IReadOnlyList<T> values, int whenEmpty)
            where T : struct, Enum
        {
            var mask = 0;
            foreach (var value in values)
            {
                mask |= 1 << Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
            }
            return values.Count == 0 ? whenEmpty : mask;
        }
    }

    public Tactic Source { get; }

    /// <summary>Hash of the name: the key of the session's counters, the same in every version of the file.</summary>
    public uint Id { get; }

    /// <summary>The trigger as the first of an action's reasons: "cart abandoned 1 h ago".</summary>
    public string TriggerWords { get; }

    /// <summary>The value range as reasons too: "value is at least 500".</summary>
    public string[] ValueWords { get; }

    /// <summary>Why it is held back, as the first of an action's reasons: the same words each time, but for what stands in its place.</summary>
    public string HeldWords(Actions.HeldReason reason, CompiledTactic? replacement) =>
        replacement is null ? _heldWords[(int)reason] ??= Wording.Held(reason, this, null) : Wording.Held(reason, this, replacement);

    public bool HasValueRange { get; }

    /// <summary>Tactics that stand in this one's place where their conditions hold.</summary>
    public CompiledTactic[] ReplacedBy { get; internal set; } = [];

    public static uint IdOf(string name) => (uint)Hash64.Of(System.Text.Encoding.UTF8.GetBytes(name));

    public bool ConditionsHold(CartSession session) =>
        (_phases & (1 << (int)session.Phase)) != 0
        && (_pages & (1 << (int)session.Page)) != 0
        && (_segments & (1 << (int)session.Segment)) != 0
        && (_devices & (1 << (int)session.Device)) != 0
        && (!HasValueRange || ValueHolds(session))
        && (_locales.Length == 0 || LocaleHolds(session.Locale));

    private bool ValueHolds(CartSession session)
    {
        var value = session.ValueMinor;
        return session.Currency == _valueCurrency && value >= _valueMinMinor && value < _valueMaxMinor;
    }

    /// <summary>"de" takes "de", "de-CH" and "de_CH"; "de-CH" only itself. Case does not count.</summary>
    private bool LocaleHolds(byte[]? locale)
    {
        foreach (var wanted in _locales)
        {
            if (locale is not null && locale.Length >= wanted.Length
                && System.Text.Ascii.EqualsIgnoreCase(locale.AsSpan(0, wanted.Length), wanted)
                && (locale.Length == wanted.Length || locale[wanted.Length] is (byte)'-' or (byte)'_'))
            {
                return true;
            }
        }
        return false;
    }
}
