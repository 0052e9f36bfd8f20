using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>Starts the engine, plays quiet and hostile parts in turn, and counts what came back.</summary>
internal sealed class HostileRun(HostilePlan plan, string broker, string folder, Action<string> tell)
{
    private static readonly TimeSpan TopicWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = TimeProvider.System;

    public HostileResult Play()
    {
        var id = _time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var kafka = new KafkaSettings
        {
            BootstrapServers = broker,
            ClicksTopic = "clicks-" + id,
            ActionsTopic = "actions-" + id,
            DeadTopic = "dead-" + id,
            GroupId = "group-" + id,
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["linger.ms"] = "1" },
        };
        TopicCreation.Run(kafka, new TopicPlan(plan.Shards), TopicWait);
        using var engine = EngineProcess.Start(
            kafka, folder,
            string.Create(CultureInfo.InvariantCulture, $"Engine:Workers={plan.Workers}"),
            string.Create(CultureInfo.InvariantCulture, $"Engine:BrowsersMax={HostilePlan.BrowsersMax}"));
        var visitors = new ShopVisitors(plan, _time);
        var crowd = new HostileCrowd(plan, _time);
        using var watch = new AnswerWatch(plan, visitors, kafka, _time);
        using (var shop = Producer(kafka))
        using (var others = Producer(kafka))
        {
            AwaitStart(engine, watch, shop, kafka);
            for (var part = 0; part < plan.Parts; part++)
            {
                var isHostile = part % 2 == 1;
                tell($"part {part + 1} of {plan.Parts}: {(isHostile ? "hostile" : "quiet")}");
                var crowding = isHostile ? Task.Run(() => crowd.Play(others)) : Task.CompletedTask;
                visitors.Play(shop, part);
                crowding.GetAwaiter().GetResult();
                others.Flush(AnswerWait);
            }
            shop.Flush(AnswerWait);
            if (shop.Failed + others.Failed > 0)
            {
                throw new InvalidOperationException($"{shop.Failed + others.Failed} clicks were not taken by the broker: {shop.LastError ?? others.LastError}");
            }
            Await(engine, shop, () => watch.Count >= watch.Asked, AnswerWait);
        }
        var letters = Letters(kafka, crowd, engine);
        var (memory, cpu) = (engine.PeakMemoryBytes, engine.CpuTime);
        watch.Dispose();
        return new HostileResult(watch.Latencies, watch.LongestGaps, watch.Asked, watch.Count, letters, crowd.Sent, memory, cpu);
    }

    private ClickProducer Producer(KafkaSettings kafka) => new(kafka, _time, NullLogger<ClickProducer>.Instance);

    /// <summary>The engine has its shards when somebody's prompt comes back.</summary>
    private void AwaitStart(ChildProcess engine, AnswerWatch watch, ClickProducer producer, KafkaSettings kafka)
    {
        using var actions = new ActionConsumer(kafka);
        producer.TryProduce("first"u8.ToArray(), ShopVisitors.Leaves, 0);
        Await(engine, producer, () => actions.TryRead(TimeSpan.Zero, out _), AnswerWait);
        if (watch.Count > 0)
        {
            throw new InvalidOperationException("A visitor was answered before asking.");
        }
    }

    private void Await(ChildProcess engine, ClickProducer producer, Func<bool> isThere, TimeSpan wait)
    {
        var start = _time.GetTimestamp();
        while (!isThere() && _time.GetElapsedTime(start) < wait)
        {
            if (engine.HasExited)
            {
                throw new InvalidOperationException("The engine has ended:\n" + string.Join('\n', engine.Lines.TakeLast(10)));
            }
            producer.WaitForRoom(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Asks until all have come or none comes any more.</summary>
    private IReadOnlyList<(string Reason, int Sent, int Found)> Letters(KafkaSettings kafka, HostileCrowd crowd, ChildProcess engine)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var found = ActionConsumer.ReadAll(kafka, Quiet, kafka.DeadTopic)
                .Select(static letter => (letter.Header("partition"), letter.Header("offset"), Reason: letter.Header("reason") ?? "none"))
                .Distinct().CountBy(static letter => letter.Reason, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            if (found.Values.Sum() >= crowd.Expected.Values.Sum() || engine.HasExited || _time.GetElapsedTime(start) > AnswerWait)
            {
                return [.. crowd.Expected.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Select(reason => (reason, crowd.Expected.GetValueOrDefault(reason), found.GetValueOrDefault(reason)))];
            }
        }
    }
}
