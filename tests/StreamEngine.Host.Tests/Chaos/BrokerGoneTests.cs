using System.Globalization;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Chaos;

/// <summary>
/// The broker goes away in the middle of the work and comes back: in order for a restart, or killed. The engine waits, says so once, and the oracle ends it.
/// STREAMENGINE_OUTAGE_SECONDS says for how long; scripts/chaos takes 30.
/// </summary>
public sealed class BrokerGoneTests(ITestOutputHelper output)
{
    private const int Partitions = 8;
    private const int ActionsBefore = 1_500;

    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("STREAMENGINE_OUTAGE_SECONDS") ?? "8", CultureInfo.InvariantCulture));

    private static readonly ShopperOptions s_shoppers = new() { Seed = 11, Shoppers = 40_000, ClicksPerSecond = 2_000, CartShare = 0.3, DuplicateShare = 0.01, LateShare = 0 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_broker_that_goes_away_under_load_and_comes_back_costs_nothing(bool isKilled)
    {
        using var cluster = new RealCluster();
        var broker = cluster.Own;
        using var shop = new Shop(cluster.NewTopics(Partitions), workers: 2);
        var planned = shop.Send(s_shoppers);
        using var subscriber = new Subscriber(shop);

        using var engine = EngineProcess.Start(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]);
        subscriber.WaitFor(ActionsBefore);
        if (isKilled)
        {
            broker.Kill();
        }
        else
        {
            broker.Stop();
        }
        await Task.Delay(s_outage, TimeProvider.System);
        broker.Start();
        var end = await engine.EndAsync();

        Assert.True(end.ExitCode == 0, end.Error);
        var repeats = subscriber.CheckAgainstStore();
        var check = new OracleCheck(shop, s_shoppers, Partitions);
        check.Run();
        var warnings = end.Error.Split('\n').Where(static line => line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal)).ToList();
        output.WriteLine($"{planned.Records} clicks, {check.Decisions} decisions as the oracle's, {subscriber.Actions.Count} messages, {repeats} repeated; "
            + $"the group gave the shards away and back: {check.LaterBegun} decisions of sessions that began anew, {check.PromptsMoved} product prompts lost or moved; the engine said:");
        warnings.ForEach(output.WriteLine);
        // Once for each of the two workers' two clients, a consumer again when it has still read from its queue in between; nothing that comes again with every attempt.
        Assert.InRange(warnings.Count, 1, 12);
    }
}
