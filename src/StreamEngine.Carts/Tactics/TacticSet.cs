using System.Text;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Tactics;

/// <summary>All tactics of one version, in arrays per trigger: finding what a click may set off costs one index.</summary>
public sealed class TacticSet
{
    private const int PageTypes = 7;
    private const int Buckets = 10_000;
    private static readonly int ClickKinds = Enum.GetValues<ClickKind>().Length;

    private readonly CompiledTactic[][] _dwell = new CompiledTactic[PageTypes][];
    private readonly CompiledTactic[][] _onEvent = new CompiledTactic[ClickKinds][];
    private readonly int _holdOutBuckets;
    private readonly ulong _holdOutSeed;

    private TacticSet(TacticsDefinition definition, CompiledTactic[] tactics)
    {
        Version = definition.Version;
        HoldOutPercent = definition.HoldOutPercent;
        _holdOutBuckets = (int)Math.Round(definition.HoldOutPercent / 100 * Buckets);
        _holdOutSeed = Hash64.Of(Encoding.UTF8.GetBytes(definition.HoldOutSalt));
        for (var page = 0; page < PageTypes; page++)
        {
            _dwell[page] = Select(t => t.On.Kind == TriggerKind.PageDwell && (int)t.On.Page == page);
        }
        for (var kind = 0; kind < ClickKinds; kind++)
        {
            _onEvent[kind] = Select(t => t.On.Kind == TriggerKind.Event && (int)t.On.Event == kind);
        }
        ExitIntent = Select(t => t.On.Kind == TriggerKind.ExitIntent);
        Abandoned = Select(t => t.On.Kind == TriggerKind.Abandoned);
        foreach (var tactic in tactics)
        {
            tactic.ReplacedBy = Array.FindAll(tactics, other => other.Source.Instead.Contains(tactic.Source.Name, StringComparer.Ordinal));
            WindowMsMax = Math.Max(WindowMsMax, tactic.Source.Limits.WindowMs);
        }

        // Time order; tactics of one instant in the order of the file.
        CompiledTactic[] Select(Func<Tactic, bool> wanted) => [.. tactics.Where(t => wanted(t.Source)).OrderBy(t => t.Source.On.AfterMs)];
    }

    public string Version { get; }

    public double HoldOutPercent { get; }

    /// <summary>The longest rolling window: a visitor who was sent something must be remembered that long.</summary>
    public long WindowMsMax { get; }

    public CompiledTactic[] ExitIntent { get; }

    /// <summary>By offset from the abandonment.</summary>
    public CompiledTactic[] Abandoned { get; }

    public CompiledTactic[] Dwell(PageType page) => _dwell[(int)page];

    public CompiledTactic[] OnEvent(ClickKind kind) => _onEvent[(int)kind];

    /// <exception cref="FormatException">Two tactics cannot be told apart.</exception>
    public static TacticSet Compile(TacticsDefinition definition, Currency storeCurrency)
    {
        var tactics = definition.Tactics.Select(t => new CompiledTactic(t, storeCurrency)).ToArray();
        var names = new Dictionary<uint, string>();
        foreach (var tactic in tactics)
        {
            if (!names.TryAdd(tactic.Id, tactic.Source.Name))
            {
                throw new FormatException($"The tactics '{names[tactic.Id]}' and '{tactic.Source.Name}' cannot be told apart by their hash: rename one.");
            }
        }
        return new TacticSet(definition, tactics);
    }

    /// <summary>Persistent: the same visitor is held out for as long as the salt stays.</summary>
    public bool IsHeldOut(ReadOnlySpan<byte> visitor) => _holdOutBuckets > 0 && (int)(Hash64.Of(visitor, _holdOutSeed) % Buckets) < _holdOutBuckets;

    /// <summary>The variant that this visitor sees of this tactic, the same every time; null where the tactic has none.</summary>
    public static Variant? VariantFor(CompiledTactic tactic, ReadOnlySpan<byte> visitor)
    {
        var variants = tactic.Source.Variants;
        var total = 0;
        // By index, here and below: the enumerator of a list that is known by its interface is an object.
        for (var i = 0; i < variants.Count; i++)
        {
            total += variants[i].Weight;
        }
        if (total == 0)
        {
            return null;
        }
        var ticket = (int)(Hash64.Of(visitor, tactic.Id) % (ulong)total);
        for (var i = 0; i < variants.Count; i++)
        {
            ticket -= variants[i].Weight;
            if (ticket < 0)
            {
                return variants[i];
            }
        }
        return null;
    }
}
