using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>
/// The cart as actions tell it. The actions of one turn mostly tell the same one, which is made for the first of them: with words of limits and consent kept
/// too, an overdue session that wakes with three actions allocates 5.0 kB instead of 5.6.
/// </summary>
internal sealed class ToldCart
{
    private CartSnapshot? _snapshot;
    private CartLine[] _lines = [];
    private string? _words;

    public CartSnapshot Snapshot(CartSession session)
    {
        if (_snapshot is null || !IsOf(_snapshot, session))
        {
            var extras = session.Extras;
            _lines = session.Lines.Span.ToArray();
            _snapshot = new CartSnapshot(session.Phase, session.ValueMinor, session.Currency, _lines, extras?.CartId, extras?.CheckoutId, extras?.Coupon);
            _words = null;
        }
        return _snapshot;
    }

    public string Words(CartSession session)
    {
        Snapshot(session);
        return _words ??= Wording.Of(session);
    }

    private bool IsOf(CartSnapshot snapshot, CartSession session) =>
        snapshot.Phase == session.Phase
        && snapshot.ValueMinor == session.ValueMinor
        && snapshot.Currency == session.Currency
        && ReferenceEquals(snapshot.CartId, session.Extras?.CartId)
        && ReferenceEquals(snapshot.CheckoutId, session.Extras?.CheckoutId)
        && ReferenceEquals(snapshot.Coupon, session.Extras?.Coupon)
        && session.Lines.Span.SequenceEqual(_lines);
}
