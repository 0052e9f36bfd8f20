namespace StreamEngine.Host.Commands;

/// <summary>The arguments are wrong in a way that the parser cannot see. The message says what is right.</summary>
public sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
