using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Outage;

/// <param name="Quiet">Of new clicks with nothing overdue: due to acknowledged prompt, ms.</param>
/// <param name="Draining">The same while overdue deadlines drained.</param>
/// <param name="Asked">Prompts that new visitors asked for, in both runs; <paramref name="Answered"/> of them came.</param>
public sealed record OutageResult(
    TimeSpan TakeOver, TimeSpan Backlog, TimeSpan Drain, long Woken, long Fired, TimeSpan WorkersCpu, long Commits, Latencies Quiet, Latencies Draining, int Asked, int Answered, long Expired,
    long MemoryBytes, ActionTally Tally);

/// <summary>
/// The outage, step by step: carts are left and committed; the engine is down; purchases come into the topic; the engine is back eight hours later, reads
/// the backlog and drains what is overdue while new visitors click; then the same visitors with nothing overdue.
/// </summary>
public sealed class OutageRun(OutagePlan plan, RealBroker broker, string name, string folder, Action<string> say)
{
    private readonly KafkaSettings _kafka = new()
    {
        BootstrapServers = broker.Address,
        ClicksTopic = name + ".clicks",
        ActionsTopic = name + ".actions",
        DeadTopic = name + ".dead",
        GroupId = name,
    };

    private readonly ActionTally _tally = new(plan.Sessions);
    private readonly string _database = Path.Combine(folder, name + ".db");
    private readonly ShiftedTime _before = new(-OutagePlan.Down);
    private readonly ShiftedTime _after = new(TimeSpan.Zero);

    public async Task<OutageResult> RunAsync()
    {
        TopicCreation.Run(_kafka, new TopicPlan(plan.Shards, ProducersTime: true), OutagePlan.Wait);
        var client = new Dictionary<string, string>(StringComparer.Ordinal) { ["linger.ms"] = "1" };
        using var producer = new ClickProducer(_kafka with { Client = client }, TimeProvider.System, NullLogger<ClickProducer>.Instance);

        var startMs = _before.NowMs - OutageShop.ArriveMs;
        say($"{plan.Sessions:N0} visitors leave a cart ...");
        var clicks = OutageShop.Arrive(producer, plan.Sessions, startMs);
        using (var node = OutageNode.Start(plan, _kafka, _database, _before, _tally, untilCaughtUp: true))
        {
            await node.Ended;
        }
        say($"The engine is down; {plan.Buyers:N0} of them buy ...");
        clicks += OutageShop.Buy(producer, plan.Sessions, startMs);

        say($"{OutagePlan.Down.TotalHours:0} hours later the engine is back ...");
        var startAt = TimeProvider.System.GetTimestamp();
        using var back = OutageNode.Start(plan, _kafka, _database, _after, _tally, untilCaughtUp: false);
        await back.UntilAsync(() => back.OpenShards == plan.Shards, "all shards taken over");
        var takeOver = TimeProvider.System.GetElapsedTime(startAt);
        await back.UntilAsync(() => _tally.CommittedClicks >= clicks, "the backlog read and committed");
        var read = TimeProvider.System.GetElapsedTime(startAt) - takeOver;

        var (drain, woken, fired, cpu, commits) = (TimeSpan.Zero, back.SessionsWoken, back.DeadlinesFired, OutageNode.WorkersCpu, back.Commits);
        back.TakeCommitTimes();
        var reminders = plan.Reminders;
        var draining = await StreamAsync(producer, 'a', async () =>
        {
            var begin = TimeProvider.System.GetTimestamp();
            await back.UntilAsync(() => _tally.Emails >= reminders, "all reminders sent");
            drain = TimeProvider.System.GetElapsedTime(begin);
            (woken, fired, cpu, commits) = (back.SessionsWoken - woken, back.DeadlinesFired - fired, OutageNode.WorkersCpu - cpu, back.Commits - commits);
        });
        var memory = MemoryBytes();
        say("Nothing is overdue any more: the quiet run ...");
        var quiet = await StreamAsync(producer, 'b', () => Task.Delay(TimeSpan.FromSeconds(plan.QuietSeconds), TimeProvider.System));
        return new OutageResult(
            takeOver, read, drain, woken, fired, cpu, commits, quiet.Latencies, draining.Latencies, quiet.Asked + draining.Asked, quiet.Latencies.Count + draining.Latencies.Count,
            back.Expired, memory, _tally);

        async Task<(Latencies Latencies, int Asked)> StreamAsync(ClickProducer clicks, char name, Func<Task> meanwhile)
        {
            using var stop = new CancellationTokenSource();
            var stream = new NewVisitors(clicks, _after, name, plan.Rate);
            _tally.Watch(stream);
            var latencies = _tally.Latencies;
            var pauses = new PauseMeter();
            var running = Task.Factory.StartNew(() => stream.Run(stop.Token), TaskCreationOptions.LongRunning);
            await meanwhile();
            await stop.CancelAsync();
            await running;
            await back.UntilAsync(() => latencies.Count >= stream.Asked, "every new visitor answered");
            say($"  collections: {pauses}");
            say($"  commits: {back.TakeCommitTimes()}");
            say($"  until read: {_tally.Read}");
            say($"  until committed: {_tally.Handed}");
            say($"  until acknowledged: {latencies}");
            return (latencies, stream.Asked);
        }
    }

    private static long MemoryBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
