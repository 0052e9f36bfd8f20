using System.CommandLine;
using StreamEngine.Benchmarks.All;
using StreamEngine.Benchmarks.Bloat;
using StreamEngine.Benchmarks.Deadlines;
using StreamEngine.Benchmarks.Hostile;
using StreamEngine.Benchmarks.Latency;
using StreamEngine.Benchmarks.Micro;
using StreamEngine.Benchmarks.Outage;
using StreamEngine.Benchmarks.Residents;
using StreamEngine.Benchmarks.Scale;
using StreamEngine.Benchmarks.Throughput;

var root = new RootCommand("Measures the engine on this machine; without a command everything that has a floor and a goal. Each command prints its figures as a table and exits with 1 where a promise was broken.")
{
    ThroughputCommand.Create(), ThroughputRunCommand.Create(),
    LatencyCommand.Create(), EchoCommand.Create(),
    DeadlinesCommand.Create(), DeadlineRunCommand.Create(),
    MemoryCommand.Create(),
    TakeOverCommand.Create(), TakeOverRunCommand.Create(),
    ReportCommand.Create(),
    MicroCommand.Create(),
    OutageCommand.Create(),
    HostileCommand.Create(),
    BloatCommand.Create(),
    ScaleCommand.Create(), ScaleRunCommand.Create(),
};
AllCommand.AddTo(root);

return await root.Parse(args).InvokeAsync();
