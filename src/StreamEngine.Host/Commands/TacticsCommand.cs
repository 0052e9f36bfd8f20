using System.CommandLine;
using StreamEngine.Host.Tactics;

namespace StreamEngine.Host.Commands;

public static class TacticsCommand
{
    public static Command Create(CommandFrame frame)
    {
        var path = new Argument<string>("FILE") { Description = "A file of tactics.", DefaultValueFactory = static _ => "config/tactics.yaml" };
        var check = new HostCommand(
            "check",
            "Shows every mistake of a tactics file with line, column and the nearest right spelling; or says in plain words what the file does.",
            "streamengine tactics check config/tactics.yaml")
        {
            path,
        };
        frame.OnRun(check, run => Task.FromResult(TacticsCheck.Run(run.Args.GetRequiredValue(path), run.Output)));
        var schema = new HostCommand("schema", "Writes the JSON Schema of tactics files, for editors.", "streamengine tactics schema > config/tactics.schema.json");
        frame.OnRun(schema, run =>
        {
            run.Output.Write(TacticsSchema.Write());
            return Task.FromResult(ExitCode.Ok);
        });
        return new HostCommand("tactics", "The retailer's rules.", "streamengine tactics check config/tactics.yaml") { check, schema };
    }
}
