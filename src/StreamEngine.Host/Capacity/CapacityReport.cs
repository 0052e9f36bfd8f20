using System.Globalization;

namespace StreamEngine.Host.Capacity;

/// <summary>A plan in plain lines: what is needed, what a lost node costs, where the walls are. Each line says how it came about.</summary>
public sealed class CapacityReport(CapacityQuestion shop, MeasuredFigures figures, TextWriter output)
{
    private readonly CapacityPlan _plan = new(shop, figures);

    public void Write()
    {
        output.WriteLine(Text(
            $"A shop of {shop.ClicksPerSecond:N0} clicks/s and {shop.LiveSessions:N0} live sessions, {shop.CartShare:0.##%} of the visitors with a cart, on nodes of {shop.CoresPerNode} cores and {shop.BytesPerNode / 1e9:0.#} GB, loaded to {shop.Utilisation:P0}"));
        Needed();
        Loss();
        Walls();
        output.WriteLine();
        output.WriteLine("Measured: " + MeasuredFigures.Source + ".");
        output.WriteLine("Assumed (a): " + MeasuredFigures.Assumed + "; a database server's disk. Give --database-sessions and --database-mb what yours does.");
    }

    private void Needed()
    {
        Heading("Needed");
        var click = _plan.Click;
        Line("cores", $"{_plan.Cores:0.#}", $"{click.CpuMicros:0.0} us of CPU a click; the brokers' and databases' own come on top");
        Line("memory for sessions", $"{Gigabytes(_plan.SessionBytes)}", $"{figures.BrowserBytes:0} B a browser, {figures.CartBytes:0} B a cart");
        Line("nodes", $"{_plan.Nodes:N0}", $"{_plan.NodesForCpu:N0} for the cores, {_plan.NodesForMemory:N0} for the memory, the larger, and one to spare; {Gigabytes(_plan.BytesPerNode)} resident on each");
        Line("  Engine:BrowsersMax", $"{_plan.BrowsersPerNode:N0}", $"at least, so that nobody is forgotten before his time when a node is lost");
        Line("partitions", $"{_plan.Partitions:N0}", $"at least {_plan.PartitionsForRate:N0} for the rate, {_plan.PartitionsForTakeOver:N0} for take-overs of 0.5 s, {_plan.PartitionsForWorkers:N0} for a worker a core; {_plan.ClicksPerPartition:N0} clicks/s on each");
        Line("databases (a)", $"{_plan.Databases:N0}", $"{_plan.DatabasesForSessions:N0} for sessions, {_plan.DatabasesForBytes:N0} for bytes");
        Line("  sessions appended", $"{_plan.SessionsWritten:N0}/s", $"{click.LogBytes:0} B of shard log a click, {figures.EncodedBytes:0} B a session");
        Line("  into the shard logs", $"{Megabytes(_plan.LogBytes)}/s", $"what travels to the databases at least");
        Line("  to their disks", $"{Megabytes(_plan.DiskBytes)}/s", $"{click.DiskBytes:N0} B a click: journal, decisions and read models are in it");
        if (_plan.NodesForCpu == 1 && _plan.NodesForMemory == 1)
        {
            Line("", $"", $"One node with SQLite carries it; the second is there for when the first is lost, and needs a shared database");
        }
    }

    private void Loss()
    {
        var loss = _plan.Loss;
        Heading("When a shard moves, and when a node is lost");
        Line("take-over of a shard", $"{Seconds(_plan.TakeOverOfShard)}", $"{_plan.Carts / _plan.Partitions:N0} carts, {figures.TakeOverSessions:N0} a second on a core");
        Line("a node that dies", $"{loss.VisitorShare:0.#%}", $"of the visitors wait {Seconds(loss.Detection)} for Kafka to notice, {Seconds(loss.TakeOver)} for their shards");
        Line("  caught up after", $"{Seconds(loss.CatchUp)}", $"more, while clicks go on; nothing that was committed is lost");
        Line("  forgotten", $"{loss.BrowsersForgotten:N0}", $"visitors who only browse; each may miss one product-page prompt");
    }

    private void Walls()
    {
        Heading("Walls: what one of each carries when it is full");
        var first = _plan.FirstWall;
        foreach (var wall in _plan.Walls)
        {
            var mark = wall == first ? "  <- the first that another node does not move" : "";
            var assumed = wall.Kind is WallKind.DatabaseSessions or WallKind.DatabaseBytes ? " (a)" : "";
            Line(wall.Name + assumed, $"{wall.ClicksPerSecond:N0}/s", $"{wall.Remedy}{mark}");
        }
    }

    private void Heading(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
    }

    private void Line(string name, FormattableString value, FormattableString how) => output.WriteLine($"  {name,-38} {Text(value),14}  {Text(how)}".TrimEnd());

    private static string Seconds(double seconds) => double.IsInfinity(seconds) ? "never" : Text($"{seconds:0.##} s");

    private static string Gigabytes(double bytes) => Text($"{bytes / 1e9:0.#} GB");

    private static string Megabytes(double bytes) => Text($"{bytes / 1e6:N0} MB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
