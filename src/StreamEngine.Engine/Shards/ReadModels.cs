using System.Runtime.InteropServices;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>Turns what a turn brought about into rows. Fed by transitions and decisions only: a click that moves nothing writes nothing here.</summary>
internal sealed class ReadModels
{
    private const long HourMs = 3_600_000;

    private static readonly string[] PhaseNames = Enum.GetNames<CartPhase>();

    private readonly Dictionary<(long Hour, string Metric, string Currency), long> _kpis = [];

    private (Currency Of, string Code) _currency = (default, "");

    /// <summary>"sent:email-1h", "held:email-1h:HoldOut": as many as there are tactics and reasons, instead of one an action.</summary>
    private readonly Dictionary<(string Tactic, HeldReason Held), string> _metrics = [];

    /// <returns>True when an action was emitted that a person is waiting for.</returns>
    public bool Add(ResidentSession session, CartTurn turn, ShardCommit commit, ref long actionSeq)
    {
        var isUrgent = false;
        foreach (var move in turn.Moves)
        {
            AddMove(session, move, commit);
        }
        foreach (var action in turn.Actions)
        {
            var isEmitted = action.Held == HeldReason.None;
            commit.Actions.Add(new ActionRow(
                isEmitted ? ++actionSeq : 0, Id(action.Id, commit), action.Visitor, action.Episode, action.Tactic, ActionDocument.WordOf(action.Kind), action.Variant,
                isEmitted ? null : ActionDocument.WordOf(action.Held), commit.Texts.AddJoined(action.Reasons, "; "),
                action.DueMs, action.NotBeforeMs, action.ExpiresMs, turn.NowMs, commit.Texts.Add(ActionDocument.Write(action)).Bytes));
            isUrgent |= isEmitted && action.Kind == ActionKind.ChatPrompt;
            if (action.Kind is not (ActionKind.CartAbandoned or ActionKind.CartRecovered or ActionKind.ActionCancelled))
            {
                Count(turn.NowMs, Metric(action), "", 1);
            }
        }
        if (turn.Contact is { } contact)
        {
            commit.Contacts.Add(new ContactRow(
                contact.Ref, Encoding.UTF8.GetString(session.Visitor), contact.Email, contact.Phone, contact.Locale, contact.TimeZone, turn.NowMs));
        }
        return isUrgent;
    }

    public void Flush(ShardCommit commit)
    {
        foreach (var (key, amount) in _kpis)
        {
            commit.Kpis.Add(new KpiDelta(key.Hour, key.Metric, key.Currency, amount));
        }
        _kpis.Clear();
    }

    private static Utf8Text Id(ActionId id, ShardCommit commit)
    {
        var text = commit.Texts.Take(ActionId.TextBytes);
        id.Format(text.Span);
        return new Utf8Text(text);
    }

    private void AddMove(ResidentSession session, in PhaseMove move, ShardCommit commit)
    {
        var currency = Code(move.Currency);
        commit.Carts.Add(new CartRow(
            new Utf8Text(session.Visitor), session.StartedMs, move.Episode, PhaseNames[(int)move.To], move.ValueMinor, currency, move.LineCount, move.AbandonedMs, move.AtMs));
        switch (move.To)
        {
            case CartPhase.Carting or CartPhase.Checkout when move.From is not (CartPhase.Carting or CartPhase.Checkout or CartPhase.Abandoned):
                Count(move.AtMs, "carts_started", "", 1);
                break;
            case CartPhase.Abandoned:
                Count(move.AtMs, "carts_abandoned", "", 1);
                Count(move.AtMs, "value_abandoned", currency, move.ValueMinor);
                break;
            case CartPhase.Recovered:
                Count(move.AtMs, "carts_recovered", "", 1);
                Count(move.AtMs, "value_recovered", currency, move.ValueMinor);
                goto case CartPhase.Purchased;
            case CartPhase.Purchased:
                Count(move.AtMs, "orders", "", 1);
                Count(move.AtMs, "value_ordered", currency, move.ValueMinor);
                break;
            case CartPhase.Lapsed:
                Count(move.AtMs, "carts_lapsed", "", 1);
                break;
        }
    }

    /// <summary>A shop seldom has a second currency.</summary>
    private string Code(Currency currency)
    {
        if (_currency.Of != currency)
        {
            _currency = (currency, currency.ToString());
        }
        return _currency.Code;
    }

    private string Metric(CartAction action)
    {
        ref var metric = ref CollectionsMarshal.GetValueRefOrAddDefault(_metrics, (action.Tactic, action.Held), out _);
        return metric ??= action.Held == HeldReason.None ? $"sent:{action.Tactic}" : $"held:{action.Tactic}:{action.Held}";
    }

    private void Count(long atMs, string metric, string currency, long amount) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_kpis, (atMs - atMs % HourMs, metric, currency), out _) += amount;
}
