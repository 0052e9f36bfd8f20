using System.CommandLine;

namespace StreamEngine.Benchmarks.Report;

/// <summary>Options that mean the same in every command, and how arguments are refused.</summary>
public static class CommonOptions
{
    private const int ExitUsage = 2;

    public static Option<int> Rounds(string description, int rounds) => new("--rounds") { Description = description, DefaultValueFactory = _ => rounds };

    public static Option<string> Out() => new("--out") { Description = "Where the result files go.", HelpName = "DIR", DefaultValueFactory = static _ => "artifacts/bench" };

    /// <returns>The exit code.</returns>
    public static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return ExitUsage;
    }
}
