using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Outlets;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Tests;

public abstract class ActionOutletContract(TestCluster cluster)
{
    private static readonly MessageHeader[] Headers = [new("ce_id", "id"), new("ce_type", "chat_prompt"), new("ce_reason", "fünf € left")];

    private static long Number(PublishedAction action) => long.Parse(action.ValueText, CultureInfo.InvariantCulture);

    private static KafkaOutlet Open(KafkaSettings settings, int queueMessages = 20_000) =>
        new(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger.Instance, queueMessages);

    private static OutgoingMessage Action(int shard, long ticket) =>
        new(Destination.Actions, shard, ticket, Clicks.Bytes($"visitor-{ticket}"), Clicks.Bytes(Clicks.Text((int)ticket)), Headers);

    private static List<Receipt> TakeReceipts(KafkaOutlet outlet, int count)
    {
        var receipts = new List<Receipt>();
        var start = TestTime.Now;
        while (receipts.Count < count)
        {
            Assert.True(TestTime.Since(start) < TestTime.Max, $"{receipts.Count} of {count} receipts came");
            if (outlet.TryTakeReceipt(out var receipt))
                receipts.Add(receipt);
        }

        return receipts;
    }

    [Fact]
    public void Actions_arrive_in_order_in_their_shards_partition_with_key_value_and_headers()
    {
        var settings = cluster.NewTopics(3);
        using var outlet = Open(settings);
        for (var ticket = 0; ticket < 900; ticket++)
            Assert.True(outlet.TrySend(Action(ticket % 3, ticket)));

        var receipts = TakeReceipts(outlet, 900);
        Assert.All(receipts, receipt => Assert.Null(receipt.Error));
        Assert.False(outlet.TryTakeReceipt(out _));
        var actions = ActionConsumer.ReadAll(settings, TestTime.Quiet).ToList();

        for (var shard = 0; shard < 3; shard++)
        {
            var expected = Clicks.Offsets(0, 300).Select(number => number * 3 + shard).ToList();
            Assert.Equal(expected, receipts.Where(receipt => receipt.Shard == shard).Select(receipt => receipt.Ticket));
            Assert.Equal(expected, actions.Where(action => action.Partition == shard).Select(Number));
        }

        Assert.All(actions, action => Assert.Equal($"visitor-{action.ValueText}", action.KeyText));
        Assert.All(actions, action => Assert.Equal(Headers.Select(static h => KeyValuePair.Create(h.Key, h.Value.ToString())), action.Headers));
        Assert.Equal("chat_prompt", actions[0].Header("ce_type"));
        Assert.Null(actions[0].Header("ce_source"));
    }

    [Fact]
    public void A_full_outlet_says_so_and_takes_more_once_receipts_are_taken()
    {
        var settings = cluster.NewTopics(1);
        using var outlet = Open(settings, queueMessages: 50);
        var sent = 0;
        var start = TestTime.Now;
        while (outlet.TrySend(Action(0, sent)))
            sent++;
        Assert.InRange(sent, 50, 5000);

        var receipts = 0;
        while (!outlet.TrySend(Action(0, sent)))
        {
            Assert.True(TestTime.Since(start) < TestTime.Max);
            if (outlet.TryTakeReceipt(out var receipt))
                Assert.Equal(receipts++, receipt.Ticket);
        }

        sent++;
        Assert.True(outlet.Flush(TestTime.Max));
        TakeReceipts(outlet, sent - receipts);
        Assert.Equal(Clicks.Offsets(0, sent), ActionConsumer.ReadAll(settings, TestTime.Quiet).Select(Number));
    }

    [Fact]
    public void Dead_letters_fold_into_a_topic_with_fewer_partitions()
    {
        var settings = cluster.NewTopics(4, deadPartitions: 2);
        using var outlet = Open(settings);
        for (var shard = 0; shard < 4; shard++)
            Assert.True(outlet.TrySend(new OutgoingMessage(Destination.DeadLetters, shard, shard, "k"u8.ToArray(), "v"u8.ToArray(), [new("reason", "NotJson")])));

        Assert.All(TakeReceipts(outlet, 4), receipt => Assert.Equal((Destination.DeadLetters, null), (receipt.Destination, receipt.Error)));
        var letters = ActionConsumer.ReadAll(settings, TestTime.Quiet, settings.DeadTopic);
        Assert.Equal([0, 0, 1, 1], letters.Select(letter => letter.Partition).Order());
    }

    [Fact]
    public void A_message_that_is_too_large_gets_a_receipt_that_says_so_and_the_others_go_out()
    {
        var settings = cluster.NewTopics(1);
        using var outlet = Open(settings);
        Assert.True(outlet.TrySend(Action(0, 1)));
        Assert.True(outlet.TrySend(Action(0, 2) with { Value = new byte[KafkaOutlet.MessageBytesMax + 1] }));
        Assert.True(outlet.TrySend(Action(0, 3)));

        var receipts = TakeReceipts(outlet, 3).ToDictionary(receipt => receipt.Ticket, receipt => receipt.Error);

        Assert.Null(receipts[1]);
        Assert.Null(receipts[3]);
        Assert.Contains("max.message.bytes", receipts[2], StringComparison.Ordinal);
        Assert.Equal([1, 3], ActionConsumer.ReadAll(settings, TestTime.Quiet).Select(Number));
    }

    [Fact]
    public void A_live_reader_sees_only_what_is_written_from_now_on()
    {
        var settings = cluster.NewTopics(2);
        using var outlet = Open(settings);
        outlet.TrySend(Action(0, 1));
        Assert.True(outlet.Flush(TestTime.Max));
        using var live = new ActionConsumer(settings, fromBeginning: false);
        outlet.TrySend(Action(0, 2));
        Assert.True(outlet.Flush(TestTime.Max));

        Assert.True(live.TryRead(TestTime.Max, out var action));
        Assert.Equal("2", action.ValueText);
    }
}

public sealed class EmbeddedActionOutletTests(EmbeddedCluster cluster) : ActionOutletContract(cluster), IClassFixture<EmbeddedCluster>;

[Collection(RealBrokerCollection.Name)]
public sealed class RealActionOutletTests(RealCluster cluster) : ActionOutletContract(cluster);
