using System.Globalization;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>Who reads the topic. Names are those of the command line and of the results file.</summary>
public enum Loop
{
    /// <summary>Consume, parse, touch a dictionary: what the machine can do.</summary>
    Bare,

    /// <summary>The engine with SQLite, every commit synchronous.</summary>
    Sqlite,

    /// <summary>The engine with a store that keeps nothing: what is not the database's cost.</summary>
    Nothing,

    /// <summary>The engine with PostgreSQL on the same machine, every commit synchronous.</summary>
    Postgres,

    /// <summary>The bare loop of the platform's own parts.</summary>
    Standard,

    /// <summary>The bare loop of the Java platform's own parts: the yardstick of the engines that run there.</summary>
    Java,
}

/// <param name="Workers">Threads with a consumer each.</param>
/// <param name="CartShare">Of the visitors, 0 to 1.</param>
public sealed record Contender(Loop Loop, int Workers, double CartShare)
{
    public bool IsEngine => Loop is Loop.Sqlite or Loop.Nothing or Loop.Postgres;

    public string LoopName => Loop switch
    {
        Loop.Bare => "bare loop",
        Loop.Sqlite => "engine, SQLite FULL",
        Loop.Nothing => "engine, nothing kept",
        Loop.Postgres => "engine, PostgreSQL",
        Loop.Standard => "standard loop",
        Loop.Java => "Java loop",
        _ => throw new ArgumentOutOfRangeException(nameof(Loop), Loop, null),
    };

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{LoopName}, {Workers} {(Workers == 1 ? "worker" : "workers")}");
}
