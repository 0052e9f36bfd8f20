using System.CommandLine;
using StreamEngine.Benchmarks.Bloat;
using StreamEngine.Benchmarks.Hostile;
using StreamEngine.Benchmarks.Micro;
using StreamEngine.Benchmarks.Outage;
using StreamEngine.Benchmarks.Residents;
using StreamEngine.Benchmarks.Throughput;

var root = new RootCommand("Measures the engine on this machine. Each command prints its figures as a table and exits with 1 where a promise was broken.")
{
    ThroughputCommand.Create(), ThroughputRunCommand.Create(),
    MemoryCommand.Create(),
    TakeOverCommand.Create(),
    MicroCommand.Create(),
    OutageCommand.Create(),
    HostileCommand.Create(),
    BloatCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
