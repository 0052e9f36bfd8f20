using System.Globalization;
using StreamEngine.Carts.Sessions;
using StreamEngine.Host.Tactics.Shapes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics;

/// <summary>What must hold between the parts of a file that are each right by themselves. Parts that could not be read are passed over.</summary>
internal static class TacticsRules
{
    public static void Check(Fields file, MistakeList mistakes)
    {
        if (!file.TryGet(TacticLanguage.Tactics, out var tactics))
        {
            return;
        }
        var names = CheckNames(tactics, TacticLanguage.Name, "tactics", mistakes);
        foreach (var (tactic, _) in tactics)
        {
            CheckMoment(tactic, mistakes);
            CheckDelay(tactic, mistakes);
            CheckCurrency(tactic, mistakes);
            if (tactic.TryGet(TacticLanguage.Experiment, out var experiment) && experiment.TryGet(TacticLanguage.Variants, out var variants))
            {
                CheckNames(variants, TacticLanguage.VariantsName, "variants", mistakes);
            }
        }
        // A name that could not be read, or is hidden behind a syntax error, may be the one that somebody mentions.
        var allNamesKnown = file.IsComplete && tactics.TrueForAll(t => t.Value.TryGet(TacticLanguage.Name, out _));
        InsteadRules.Check(tactics, names, allNamesKnown, mistakes);
    }

    private static Dictionary<string, Place> CheckNames(List<Placed<Fields>> groups, Key<string> key, string noun, MistakeList mistakes)
    {
        var names = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var (group, _) in groups)
        {
            if (group.TryGet(key, out var name) && !names.TryAdd(name, group.PlaceOf(key)))
            {
                mistakes.Add(group.PlaceOf(key), string.Create(CultureInfo.InvariantCulture, $"two {noun} are called '{name}': the first is in line {names[name].Line}"));
            }
        }
        return names;
    }

    private static void CheckMoment(Fields tactic, MistakeList mistakes)
    {
        if (!tactic.TryGet(TacticLanguage.On, out var on) || !tactic.TryGet(TacticLanguage.If, out var conditions))
        {
            return;
        }
        if (on.TryGet(TacticLanguage.PageDwell, out var page)
            && conditions.TryGet(TacticLanguage.Page, out var pages) && pages.Count > 0 && !pages.Exists(p => p.Value == page))
        {
            mistakes.Add(conditions.PlaceOf(TacticLanguage.Page),
                $"this can never fire: it waits on a {TacticWords.Of(page)} page, and asks for another one");
        }
        if (on.Head == TacticLanguage.Abandoned
            && conditions.TryGet(TacticLanguage.Phase, out var phases) && phases.Count > 0 && !phases.Exists(p => p.Value == CartPhase.Abandoned))
        {
            mistakes.Add(conditions.PlaceOf(TacticLanguage.Phase),
                "this can never fire: after 'abandoned' the phase is abandoned; leave 'phase' out");
        }
    }

    private static void CheckDelay(Fields tactic, MistakeList mistakes)
    {
        if (!tactic.TryGet(TacticLanguage.Do, out var action) || !action.TryGet(TacticLanguage.Delay, out var delayMs)
            || (tactic.IsWritten(TacticLanguage.Expires) && !tactic.TryGet(TacticLanguage.Expires, out _)))
        {
            return;
        }
        var expiresMs = tactic.Get(TacticLanguage.Expires, TacticLanguage.DefaultExpiresMs(TacticsBuilder.KindOf(action)));
        if (delayMs >= expiresMs)
        {
            mistakes.Add(action.PlaceOf(TacticLanguage.Delay),
                $"this can never be sent: it waits {DurationShape.Write(delayMs)}, and is of use for {DurationShape.Write(expiresMs)} only; raise 'expires'");
        }
    }

    private static void CheckCurrency(Fields tactic, MistakeList mistakes)
    {
        if (tactic.TryGet(TacticLanguage.If, out var conditions)
            && conditions.IsWritten(TacticLanguage.ValueCurrency) && conditions.IsComplete && !conditions.IsWritten(TacticLanguage.Value))
        {
            mistakes.Add(conditions.PlaceOf(TacticLanguage.ValueCurrency), "'currency' says nothing without 'value': add value: \">= 500\", or remove it");
        }
    }
}
