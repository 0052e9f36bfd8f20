namespace StreamEngine.Simulation.Worlds;

/// <summary>Something moves in circles, and time does not go on.</summary>
public sealed class WorldStuckException : Exception
{
    public WorldStuckException()
    {
    }

    public WorldStuckException(string message)
        : base(message)
    {
    }

    public WorldStuckException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
