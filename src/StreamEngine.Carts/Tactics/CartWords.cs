using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>"cart of 2 lines worth 129.90 EUR": the same words for all actions of a turn, which mostly tell the same cart.</summary>
internal sealed class CartWords
{
    private (int Lines, long ValueMinor, Currency Currency) _cart;
    private string? _words;

    public string Of(CartSession session)
    {
        var cart = (session.Lines.Count, session.ValueMinor, session.Currency);
        if (_words is null || cart != _cart)
        {
            (_cart, _words) = (cart, Wording.Of(session));
        }
        return _words;
    }
}
