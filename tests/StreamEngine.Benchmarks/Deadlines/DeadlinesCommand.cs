using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Deadlines;

/// <summary>How late deadlines fire with a million armed, while clicks flow.</summary>
public static class DeadlinesCommand
{
    private const double LatenessMsFloor = 500;
    private const double LatenessMsGoal = 20;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "Carts, with a deadline each.", DefaultValueFactory = static _ => 1_000_000 };
        var rate = new Option<int>("--rate") { Description = "Clicks a second; each tenth arms a deadline that fires five seconds later.", DefaultValueFactory = static _ => 10_000 };
        var seconds = new Option<int>("--seconds") { Description = "For how long.", DefaultValueFactory = static _ => 30 };
        var workers = new Option<int>("--workers") { Description = "Worker threads.", DefaultValueFactory = static _ => 1 };
        var folder = CommonOptions.Out();
        var command = new Command("deadlines", "How late deadlines fire with a million armed, while clicks flow: p50, p99, max.") { sessions, rate, seconds, workers, folder };
        command.SetAction(args =>
        {
            var plan = new DeadlinePlan(args.GetValue(sessions), args.GetValue(rate), args.GetValue(seconds), args.GetValue(workers));
            if (plan.Rate < 1 || plan.Seconds < 1 || plan.Workers < 1 || plan.Sessions < 2L * plan.Rate * plan.Seconds / DeadlinePlan.CartPageOneIn)
            {
                return CommonOptions.Refuse("--rate, --seconds and --workers take 1 or more, and --sessions twice the deadlines that are to fire: a fifth of all clicks, or more");
            }
            using var broker = RealBroker.TryStart(out var reason);
            return broker is null ? CommonOptions.Refuse(reason) : Run(plan, broker.Address).Publish(args.GetValue(folder)!);
        });
        return command;
    }

    private static Chapter Run(DeadlinePlan plan, string broker)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"deadlines.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");
        var kafka = new KafkaSettings { BootstrapServers = broker, ClicksTopic = id + ".clicks", ActionsTopic = id + ".actions", DeadTopic = id + ".dead", GroupId = id };
        var folder = Directory.CreateTempSubdirectory("streamengine-deadlines-");
        try
        {
            TopicCreation.Run(kafka, new TopicPlan(DeadlinePlan.Partitions), Wait);
            using var engine = ChildProcess.Start(
                Environment.ProcessPath!,
                [
                    typeof(DeadlinesCommand).Assembly.Location, DeadlineRunCommand.Name, "--plan", ThroughputRunCommand.Write(plan),
                    "--kafka", ThroughputRunCommand.Write(kafka), "--database", Path.Combine(folder.FullName, "deadlines.db"),
                ]);
            using var load = new DeadlineLoad(plan, kafka);
            Say($"{plan.Sessions:N0} visitors fill a cart ...");
            load.FillCarts();
            Say($"{plan.Rate:N0} clicks a second for {plan.Seconds} s ...");
            using var subscriber = new PromptReader(kafka, plan.PromptsOfWarmUp);
            load.Click();
            if (!engine.WaitForExit(RunMax) || engine.ExitCode != 0)
            {
                throw new InvalidOperationException($"The engine did not get through. Its last lines:\n{string.Join('\n', engine.Lines.TakeLast(20))}");
            }
            var line = engine.Lines.First(static line => line.StartsWith(ThroughputRunCommand.Mark, StringComparison.Ordinal));
            var figures = ThroughputRunCommand.Read<DeadlineFigures>(line[ThroughputRunCommand.Mark.Length..]);
            return Write(plan, figures, subscriber.Finish(plan.Prompts));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Chapter Write(DeadlinePlan plan, DeadlineFigures figures, Latencies read)
    {
        var chapter = new Chapter("deadlines", Text($"Lateness of deadlines with {plan.Sessions:N0} armed"))
        {
            Figures = Chapter.Raw(figures),
            Marks = { new Mark(Text($"lateness of deadlines, p99, {plan.Sessions:N0} armed, {plan.Rate:N0} clicks/s"), figures.P99Ms, "ms", LatenessMsFloor, LatenessMsGoal) },
            Tables =
            {
                new ResultTable(
                    Text($"{figures.Fired:N0} deadlines, {plan.Rate:N0} clicks/s meanwhile, {plan.Workers} worker(s), SQLite FULL; ms after they were due"),
                    "", "p50", "p99", "p99.9", "max")
                    .Row("fired: turn done, decision handed to the store", Text($"{figures.P50Ms:0.0}"), Text($"{figures.P99Ms:0.0}"), Text($"{figures.P999Ms:0.0}"), Text($"{figures.MaxMs:0.0}"))
                    .Row("read by a subscriber", Text($"{read.Percentile(50):0.0}"), Text($"{read.Percentile(99):0.0}"), Text($"{read.Percentile(99.9):0.0}"), Text($"{read.Max:0.0}"))
                    .Row("commits meanwhile and while the carts were filled", Text($"{figures.CommitP50Ms:0.0}"), Text($"{figures.CommitP99Ms:0.0}"), "", ""),
            },
            Notes =
            {
                Text($"At least {figures.ArmedMin:N0} deadlines were armed as the measured ones fired. Deadlines fire 5 ms behind the wall clock on purpose (Engine:SettleMs), ")
                + "and the wheel's resolution is 10 ms: some 5 to 15 ms are by design.",
            },
        };
        if (figures.Early > 0)
        {
            chapter.Mistakes.Add(Text($"{figures.Early:N0} deadlines fired early"));
        }
        if (figures.ArmedMin < plan.Sessions - plan.Prompts)
        {
            chapter.Mistakes.Add(Text($"only {figures.ArmedMin:N0} deadlines were armed"));
        }
        return chapter;
    }

    private static void Say(FormattableString text) => Console.Error.WriteLine(Text(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
