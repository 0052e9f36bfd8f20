using System.CommandLine;
using System.Text.Json;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>The take-overs of one store in a process of its own, started by <see cref="TakeOverCommand"/>: its first one is with a cold compiler.</summary>
public static class TakeOverRunCommand
{
    public const string Name = "takeover-run";

    /// <summary>The line that holds the figures begins with it.</summary>
    private const string Mark = "figures: ";

    public static Command Create()
    {
        var store = new Option<TakeOverStore>("--store") { Required = true };
        var database = new Option<string>("--database") { Required = true };
        var sessions = new Option<int>("--sessions") { Required = true };
        var rounds = new Option<int>("--rounds") { Required = true };
        var command = new Command(Name, "The take-overs of one store.") { store, database, sessions, rounds };
        command.Hidden = true;
        command.SetAction(args =>
        {
            var run = new TakeOverRun(args.GetValue(store), args.GetValue(database)!, args.GetValue(sessions));
            Console.Out.WriteLine(Mark + JsonSerializer.Serialize(run.Measure(args.GetValue(rounds))));
        });
        return command;
    }

    /// <returns>Null where there are none.</returns>
    public static TakeOverFigures? Figures(IEnumerable<string> lines) =>
        lines.FirstOrDefault(static line => line.StartsWith(Mark, StringComparison.Ordinal)) is { } line
            ? JsonSerializer.Deserialize<TakeOverFigures>(line[Mark.Length..])
            : null;
}
