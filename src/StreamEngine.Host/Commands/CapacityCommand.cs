using System.CommandLine;
using System.Globalization;
using StreamEngine.Host.Capacity;

namespace StreamEngine.Host.Commands;

public static class CapacityCommand
{
    /// <summary>Of a shop that does not say: who is in memory for each click a second, as in a shop of 1 million clicks/s and 50 million sessions.</summary>
    private const double SessionsPerClick = 50;

    public static Command Create(CommandFrame frame)
    {
        var measured = new MeasuredFigures();
        var clicks = Number("--clicks-per-second", "What the shop's busiest minute brings.");
        clicks.Required = true;
        var cartShare = Number("--cart-share", "Share of visitors with a cart, 0 to 1.", 0.1);
        var sessions = new Option<double?>("--live-sessions") { Description = "Sessions in memory at a time. Default: 50 for each click a second.", HelpName = "N" };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of the clicks topic; 0 for as many as are needed.", HelpName = "N" };
        var cores = Number("--node-cores", "Cores of a node.", 8);
        var memory = Number("--node-memory-gb", "Memory of a node.", 32);
        var utilisation = Number("--utilisation", "Share of cores, memory and databases that is used on a good day; the rest is for bursts and lost nodes.", 0.5);
        var cpu = Number("--cpu-micros", "CPU of a click, us. Default: as measured for the cart share.");
        var disk = Number("--disk-bytes", "Bytes a click to the database's disk. Default: as measured for the cart share.");
        var databaseSessions = Number("--database-sessions", "Sessions a second that one database appends; assumed.", measured.DatabaseSessions);
        var databaseMegabytes = Number("--database-mb", "MB a second that one database's disk takes; assumed.", measured.DatabaseBytes / 1e6);
        var detection = Number("--detection-seconds", "Until Kafka gives the shards of a node that died to others.", measured.DetectionSeconds);
        var command = new HostCommand(
            "capacity",
            "Computes from measured figures what a shop needs: nodes, cores, memory, partitions, databases; how long a recovery takes; and which wall comes first.",
            "streamengine capacity --clicks-per-second 20000 --cart-share 0.1",
            "streamengine capacity --clicks-per-second 1000000 --live-sessions 50000000 --node-cores 16 --node-memory-gb 64")
        {
            clicks, cartShare, sessions, partitions, cores, memory, utilisation, cpu, disk, databaseSessions, databaseMegabytes, detection,
        };
        frame.OnRun(command, run =>
        {
            var rate = Read(run, clicks, 0.001, 1e9)!.Value;
            var shop = new CapacityQuestion
            {
                ClicksPerSecond = rate,
                CartShare = Read(run, cartShare, 0, 1)!.Value,
                LiveSessions = run.Args.GetValue(sessions) ?? rate * SessionsPerClick,
                Partitions = run.Args.GetValue(partitions),
                CoresPerNode = (int)Read(run, cores, 1, 1_024)!.Value,
                BytesPerNode = Read(run, memory, 1, 100_000)!.Value * 1e9,
                Utilisation = Read(run, utilisation, 0.05, 1)!.Value,
            };
            if (shop.LiveSessions < 1 || shop.Partitions < 0)
            {
                throw new UsageException("--live-sessions takes 1 or more, --partitions 0 or more");
            }
            var figures = measured with
            {
                FewCarts = Changed(measured.FewCarts),
                AllCarts = Changed(measured.AllCarts),
                DatabaseSessions = Read(run, databaseSessions, 1, 1e9)!.Value,
                DatabaseBytes = Read(run, databaseMegabytes, 0.1, 1e6)!.Value * 1e6,
                DetectionSeconds = Read(run, detection, 0, 3_600)!.Value,
            };
            new CapacityReport(shop, figures, run.Output).Write();
            return Task.FromResult(ExitCode.Ok);

            LoadPoint Changed(LoadPoint point) => point with
            {
                CpuMicros = Read(run, cpu, 0.01, 1e6) ?? point.CpuMicros,
                DiskBytes = Read(run, disk, 1, 1e6) ?? point.DiskBytes,
            };
        });
        return command;
    }

    private static Option<double?> Number(string name, string description, double? standard = null)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "N" };
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }
        return option;
    }

    /// <returns>Null where the option was left out.</returns>
    private static double? Read(CommandRun run, Option<double?> option, double min, double max) => run.Args.GetValue(option) switch
    {
        null => null,
        { } value when value >= min && value <= max => value,
        _ => throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes {min} to {max}")),
    };
}
