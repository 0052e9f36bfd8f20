namespace StreamEngine.Host;

/// <summary>How the process ends. Part of the command line's contract: scripts depend on the numbers.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The job ran and found mistakes, or did not reach its goal.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments or settings; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Broker, database, disk: what the process needs is not there, or is not there any more.</summary>
    public const int Fatal = 3;

    /// <summary>A second Ctrl-C ended the process before it had drained. A second SIGTERM gives 143.</summary>
    public const int Interrupted = 130;

    public const string Summary = """
        Exit codes:
          0    done
          1    the job failed, or a check found mistakes
          2    wrong arguments or settings; nothing was started
          3    the broker, the database or a file is not there or cannot be used
          130  a second Ctrl-C ended it before it had drained
        """;
}
