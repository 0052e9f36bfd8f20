namespace StreamEngine.TestKit;

/// <summary>
/// Counts every contact of a worker with the world outside and ends the "process" at one of them: running a script again and again with the next number
/// crashes it at every point there is.
/// </summary>
public sealed class CrashPoints
{
    public int Passed { get; private set; }

    /// <summary>The contact at which to crash, from 1; 0 never.</summary>
    public int CrashAt { get; set; }

    public void Pass()
    {
        if (++Passed == CrashAt)
        {
            throw new SimulatedCrashException($"Crashed at contact {Passed}.");
        }
    }
}

/// <summary>The process is gone: all memory is lost, what the store and the broker took stays.</summary>
public sealed class SimulatedCrashException : Exception
{
    public SimulatedCrashException()
    {
    }

    public SimulatedCrashException(string message)
        : base(message)
    {
    }

    public SimulatedCrashException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
