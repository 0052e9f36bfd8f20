using System.CommandLine;
using System.Globalization;
using StreamEngine.Host.Nodes;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Commands;

public static class TopicsCommand
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(15);

    public static Command Create(CommandFrame frame)
    {
        var partitions = new Option<int>("--partitions") { Description = "Of each topic: the number of shards, fixed for the life of the store.", DefaultValueFactory = static _ => 8 };
        var replication = new Option<short?>("--replication") { Description = "Copies of each partition; default as the broker has it.", HelpName = "N" };
        var producersTime = new Option<bool>("--producers-time") { Description = "Keep the producers' timestamps on clicks, for replays of the past; else the broker stamps them." };
        var create = new HostCommand(
            "create",
            "Makes the topics for clicks, actions and dead letters. Topics that exist are left as they are.",
            "streamengine topics create --partitions 32 --replication 3 --set Kafka:BootstrapServers=kafka:9092")
        {
            partitions, replication, producersTime, frame.Config, frame.Set,
        };
        frame.OnRun(create, run =>
        {
            var count = run.Args.GetValue(partitions);
            if (count is < 1 or > 10_000)
            {
                throw new UsageException("--partitions takes 1 to 10000");
            }
            var kafka = RunningNode.KafkaOf(run.ReadSettings().Settings.Kafka);
            foreach (var topic in TopicCreation.Run(kafka, new TopicPlan(count, run.Args.GetValue(replication), run.Args.GetValue(producersTime)), Wait))
            {
                run.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{topic.Topic}: {(topic.Created ? "created" : "was there")}, {topic.Partitions} partitions"));
            }
            return Task.FromResult(ExitCode.Ok);
        });
        return new HostCommand("topics", "Kafka topics of the engine.", "streamengine topics create --partitions 32") { create };
    }
}
