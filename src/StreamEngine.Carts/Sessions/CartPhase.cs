namespace StreamEngine.Carts.Sessions;

public enum CartPhase : byte
{
    Browsing,
    Carting,
    Checkout,
    Purchased,
    Abandoned,
    Recovered,
    Lapsed,
}
