using System.CommandLine;
using StreamEngine.Benchmarks.Hostile;

var root = new RootCommand("Measures the engine on this machine. Each command prints its figures as a table and exits with 1 where a promise was broken.")
{
    HostileCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
