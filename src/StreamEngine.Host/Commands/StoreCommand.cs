using System.CommandLine;
using System.Globalization;
using StreamEngine.Carts.Actions;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Screen;
using StreamEngine.Storage;

namespace StreamEngine.Host.Commands;

public static class StoreCommand
{
    public static Command Create(CommandFrame frame)
    {
        var info = new HostCommand("info", "Shows what the database holds: shards, carts, actions, figures. Also while an engine runs on it.", "streamengine store info --set Store:Path=data/streamengine.db",
            "streamengine store info --set Store:Kind=postgres --set \"Store:ConnectionStrings:0=Host=db;Database=shop;Username=shop\"")
        {
            frame.Config, frame.Set,
        };
        frame.OnRun(info, run =>
        {
            Write(NodeStore.ReadSummary(run.ReadSettings().Settings.Store), run.Output);
            return Task.FromResult(ExitCode.Ok);
        });
        return new HostCommand("store", "The database.", "streamengine store info") { info };
    }

    private static void Write(StoreSummary store, TextWriter output)
    {
        output.WriteLine($"{store.Path}: schema {store.SchemaVersion}, {Dashboard.N(store.FileBytes)} bytes, topic {store.Topic ?? "not provisioned yet"}, {Dashboard.N(store.Contacts)} contacts");
        output.WriteLine();
        output.WriteLine("shard  epoch  commits  next offset  actions  published  segments        bytes  shard time");
        foreach (var s in store.Shards)
        {
            var time = s.ShardTimeMs == 0 ? "-" : ActionDocument.Timestamp(s.ShardTimeMs);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Shard,5}  {s.Epoch,5}  {s.CommitSeq,7}  {s.NextOffset,11}  {s.ActionSeq,7}  {s.PublishedSeq,9}  {s.Segments,8}  {s.SegmentBytes,11:N0}  {time}"));
        }
        Table("carts by phase", store.CartsByPhase.Select(static t => (t.Name, t.Count)));
        Table("actions", store.Actions.Select(static a => (a.Held is null ? a.Tactic : $"{a.Tactic} (held: {a.Held})", a.Count)));
        Table("dead letters", store.DeadLettersByReason.Select(static t => (t.Name, t.Count)));
        Table("figures", store.Kpis.Select(static k => (k.Currency.Length == 0 ? k.Metric : $"{k.Metric} ({k.Currency}, minor units)", k.Amount)));

        void Table(string heading, IEnumerable<(string Name, long Count)> rows)
        {
            output.WriteLine();
            output.WriteLine(heading);
            foreach (var (name, count) in rows)
            {
                output.WriteLine($"  {name,-48} {Dashboard.N(count),14}");
            }
        }
    }
}
