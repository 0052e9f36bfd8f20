using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics.Shapes;

namespace StreamEngine.Host.Tactics;

/// <summary>What a file without mistakes says, as the engine's records.</summary>
internal static class TacticsBuilder
{
    public static TacticsDefinition Build(Fields file) => new(
        file.Get(TacticLanguage.Version),
        file.Get(TacticLanguage.HoldOut, 0),
        file.Get(TacticLanguage.HoldOutSalt, TacticLanguage.DefaultHoldOutSalt),
        [.. file.Get(TacticLanguage.Tactics).Select(t => BuildTactic(t.Value))]);

    public static ActionKind KindOf(Fields action) =>
        action.Head == TacticLanguage.ChatPrompt ? ActionKind.ChatPrompt
        : action.Head == TacticLanguage.Email ? ActionKind.Email
        : action.Head == TacticLanguage.SmsReminder ? ActionKind.SmsReminder
        : ActionKind.VipEscalation;

    private static Tactic BuildTactic(Fields tactic)
    {
        var action = tactic.Get(TacticLanguage.Do);
        var kind = KindOf(action);
        return new Tactic(
            tactic.Get(TacticLanguage.Name),
            BuildTrigger(tactic.Get(TacticLanguage.On)),
            tactic.Find(TacticLanguage.If) is { } conditions ? BuildConditions(conditions) : Conditions.None,
            kind,
            action.Get((Key<string>)action.Head!),
            action.Find(TacticLanguage.Offer),
            action.Find(TacticLanguage.Agent),
            action.Get(TacticLanguage.Delay, 0),
            tactic.Find(TacticLanguage.Limit) is { } limits ? BuildLimits(limits) : new Limits(),
            tactic.Get(TacticLanguage.Expires, TacticLanguage.DefaultExpiresMs(kind)),
            Values(tactic, TacticLanguage.Instead),
            tactic.Find(TacticLanguage.Experiment) is { } experiment ? [.. experiment.Get(TacticLanguage.Variants).Select(v => BuildVariant(v.Value))] : []);
    }

    private static Trigger BuildTrigger(Fields on)
    {
        if (on.TryGet(TacticLanguage.PageDwell, out var page))
        {
            return new Trigger(TriggerKind.PageDwell, AfterMs: on.Get(TacticLanguage.DwellAfter), Page: page);
        }
        if (on.TryGet(TacticLanguage.Event, out var kind))
        {
            return new Trigger(TriggerKind.Event, Event: kind);
        }
        if (on.TryGet(TacticLanguage.Abandoned, out var afterMs))
        {
            return new Trigger(TriggerKind.Abandoned, AfterMs: afterMs);
        }
        var confidence = on.Find(TacticLanguage.ExitIntent)?.Get(TacticLanguage.Confidence) ?? 0;
        return new Trigger(TriggerKind.ExitIntent, ConfidencePercentMin: (int)confidence);
    }

    private static Conditions BuildConditions(Fields conditions)
    {
        var range = conditions.Find(TacticLanguage.Value);
        return new Conditions(
            Values(conditions, TacticLanguage.Phase),
            Values(conditions, TacticLanguage.Page),
            range?.Min,
            range?.Max,
            conditions.Get(TacticLanguage.ValueCurrency, default(Currency)),
            Values(conditions, TacticLanguage.Consent),
            Values(conditions, TacticLanguage.Segment),
            Values(conditions, TacticLanguage.DeviceType),
            Values(conditions, TacticLanguage.Locale));
    }

    private static Limits BuildLimits(Fields limits)
    {
        var window = limits.Find(TacticLanguage.Window);
        return new Limits(
            limits.Get(TacticLanguage.PerCart, 0),
            limits.Get(TacticLanguage.PerVisitor, 0),
            window?.Get(TacticLanguage.WindowCount) ?? 0,
            window?.Get(TacticLanguage.WindowEvery) ?? 0);
    }

    private static Variant BuildVariant(Fields variant) => new(
        variant.Get(TacticLanguage.VariantsName),
        variant.Get(TacticLanguage.VariantWeight),
        variant.Find(TacticLanguage.VariantTemplate),
        variant.Find(TacticLanguage.VariantOffer));

    private static IReadOnlyList<T> Values<T>(Fields fields, Key<List<Placed<T>>> key) =>
        fields.TryGet(key, out var items) ? [.. items.Select(i => i.Value)] : [];
}
