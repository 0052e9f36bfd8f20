using System.Globalization;
using StreamEngine.Engine;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Chaos;

/// <summary>
/// kill -9 of the running host at random moments, again and again, on a real broker and a database on disk; then the checker. scripts/chaos runs the same for longer:
/// STREAMENGINE_KILLS says how often, STREAMENGINE_SEED which moments.
/// </summary>
[Collection(RealBrokerCollection.Name)]
public sealed class KillLoopTests(RealCluster cluster, ITestOutputHelper output)
{
    private const int Partitions = 8;

    /// <summary>More than a process reads before it is killed: no run may end by itself.</summary>
    private const int ClicksAKill = 30_000;
    private const int ClicksAShopper = 7;
    private const int StartMsMax = 800;
    private const int RunMsMax = 400;
    private const int ActionsMax = 3_000;

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("STREAMENGINE_KILLS") ?? "20", CultureInfo.InvariantCulture);

    private static readonly int s_seed = Environment.GetEnvironmentVariable("STREAMENGINE_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : (int)(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() & 0xFFFF);

    [Fact]
    public async Task Killed_again_and_again_it_holds_what_the_oracle_says_and_has_published_it()
    {
        output.WriteLine($"STREAMENGINE_SEED={s_seed}");
        var random = new Random(s_seed);
        var shoppers = new ShopperOptions { Seed = (ulong)s_seed, Shoppers = s_kills * ClicksAKill / ClicksAShopper, ClicksPerSecond = 2_000, CartShare = 0.3, DuplicateShare = 0.01, LateShare = 0 };
        using var shop = new Shop(cluster.NewTopics(Partitions) with { InstanceId = "node-1" }, workers: 2);
        var planned = shop.Send(shoppers);
        output.WriteLine($"{planned.Records} clicks");

        using var subscriber = new Subscriber(shop);
        var start = TimeProvider.System.GetTimestamp();
        for (var kill = 1; kill <= s_kills; kill++)
        {
            await RunAndKillAsync(shop, subscriber, random);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"kill {kill} of {s_kills}: {ReadSoFar(shop):N0} clicks committed after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F0} s"));
        }
        using (var last = EngineProcess.Start(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]))
        {
            var end = await last.EndAsync(Shop.PatienceFor(shoppers));
            Assert.True(end.ExitCode == 0, end.Error);
        }

        var repeats = subscriber.CheckAgainstStore();
        var check = new OracleCheck(shop, shoppers, Partitions);
        check.Run();
        output.WriteLine(
            $"{s_kills} kills, {planned.Records} clicks, {check.Decisions} decisions as the oracle's; {subscriber.Actions.Count} messages on the actions topic, {repeats} of them repeat an id; "
            + $"{check.LaterBegun} decisions of sessions that began anew after a kill, {check.PromptsMoved} product prompts lost or moved");
    }

    /// <summary>A quarter of the kills hit the start, a quarter the first work, and half of them come when so many actions were published.</summary>
    private static async Task RunAndKillAsync(Shop shop, Subscriber subscriber, Random random)
    {
        using var engine = EngineProcess.Start(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]);
        var moment = random.Next(4);
        if (moment == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(StartMsMax)), TimeProvider.System);
        }
        else if (moment == 1)
        {
            await engine.LineAsync("taken over");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(RunMsMax)), TimeProvider.System);
        }
        else
        {
            subscriber.WaitForNew(random.Next(1, ActionsMax));
        }
        engine.Signal("KILL");
        var end = await engine.EndAsync();
        Assert.True(end.ExitCode == 137, $"It ended before it was killed, with {end.ExitCode}: {end.Error}");
    }

    /// <summary>For who watches. A kill may come before the tables are made, or between two steps of making them: nothing is committed then.</summary>
    private static long ReadSoFar(Shop shop)
    {
        if (!File.Exists(shop.Database))
        {
            return 0;
        }
        try
        {
            using var store = shop.OpenStore();
            return store.ReadSummary().Shards.Sum(static s => Math.Max(0, s.NextOffset));
        }
        catch (EngineFatalException)
        {
            return 0;
        }
    }
}
