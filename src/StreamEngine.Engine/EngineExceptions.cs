namespace StreamEngine.Engine;

/// <summary>The process cannot go on: stop it. The message says what to do.</summary>
public sealed class EngineFatalException : Exception
{
    public EngineFatalException()
    {
    }

    public EngineFatalException(string message)
        : base(message)
    {
    }

    public EngineFatalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>This shard cannot go on, the others can: it stops, says why, and loses nothing. The message says what to do.</summary>
public sealed class ShardStoppedException : Exception
{
    public ShardStoppedException()
    {
    }

    public ShardStoppedException(string message)
        : base(message)
    {
    }

    public ShardStoppedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
