using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Outlets;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Tests;

/// <summary>What only a real broker does: it stamps records, deletes old ones, holds size limits, and comes back with its data.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class RealBrokerTests(RealCluster cluster)
{
    private const int QueuedRecords = FetchWaker.QueuedRecords;

    [Fact]
    public void Created_topics_fit_and_the_brokers_clock_stamps_clicks()
    {
        var settings = cluster.Unused();
        var created = TopicCreation.Run(settings, new TopicPlan(3), TestTime.Max);
        Assert.Equal(
            [new(settings.ClicksTopic, 3, true), new(settings.ActionsTopic, 3, true), new(settings.DeadTopic, 3, true)], created);
        Assert.Equal(new TopicLayout(3, 3), TopicCheck.Run(settings, TestTime.Max));

        Clicks.Produce(settings, partitions: 3, from: 0, count: 2);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count >= 6);
        Assert.All(member.Clicks, click => Assert.True(click.IsLogAppendTime && click.TimestampMs > Clicks.FirstTimeMs + 86_400_000));
    }

    [Fact]
    public void Producers_times_are_kept_where_the_plan_says_so()
    {
        var settings = cluster.Unused();
        TopicCreation.Run(settings, new TopicPlan(1, ProducersTime: true), TestTime.Max);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 1);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count >= 1);
        Assert.Equal((Clicks.FirstTimeMs, false), (member.Clicks[0].TimestampMs, member.Clicks[0].IsLogAppendTime));
    }

    [Fact]
    public void Topics_that_exist_are_reported_and_left_alone()
    {
        var settings = cluster.NewTopics(2);
        var again = TopicCreation.Run(settings with { DeadTopic = settings.DeadTopic + ".new" }, new TopicPlan(5), TestTime.Max);
        Assert.Equal(
            [new(settings.ClicksTopic, 2, false), new(settings.ActionsTopic, 2, false), new(settings.DeadTopic + ".new", 5, true)], again);
    }

    [Fact]
    public async Task An_offset_that_retention_has_deleted_is_told_with_what_is_left()
    {
        var settings = cluster.NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 250);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = settings.BootstrapServers }).Build())
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(settings.ClicksTopic, 0, 100)]);
        using var member = new Member(settings) { StartAt = _ => 17 };

        member.PollUntil(() => member.Calls.Count >= 2);
        Assert.Equal("missing 0: asked for offset 17, the log holds 100 to 249: 17 to 99 were deleted, by retention or by hand", member.Calls[1]);
        Assert.Empty(member.Clicks);

        member.Source.ReadFrom(0, 100);
        member.PollUntil(() => member.Clicks.Count >= 150);
        Assert.Equal(Clicks.Offsets(100, 150), member.OffsetsOf(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Behind_a_transaction_the_end_of_the_log_is_told_though_no_record_is_there(bool isCommitted)
    {
        var settings = cluster.NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 3);
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = settings.BootstrapServers, TransactionalId = settings.GroupId }).Build();
        producer.InitTransactions(TestTime.Max);
        producer.BeginTransaction();
        producer.Produce(new TopicPartition(settings.ClicksTopic, 0), new Message<byte[], byte[]> { Key = [7], Value = Clicks.Bytes(Clicks.Text(3)) });
        producer.Flush(TestTime.Max);
        if (isCommitted)
            producer.CommitTransaction(TestTime.Max);
        else
            producer.AbortTransaction(TestTime.Max);
        using var member = new Member(settings);

        member.PollUntil(() => member.Ends.Count > 0);
        Assert.Equal((0, 5L), Assert.Single(member.Ends));
        Assert.Equal(5, member.Source.LogEnd(0, out _));
        Assert.Equal(Clicks.Offsets(0, isCommitted ? 4 : 3), member.OffsetsOf(0));

        Clicks.Produce(settings, partitions: 1, from: 4, count: 1);
        member.PollUntil(() => member.OffsetsOf(0).Contains(5));
        member.Source.ReadFrom(0, 2);
        member.PollUntil(() => member.OffsetsOf(0).Count(offset => offset == 5) == 2);
        Assert.Equal((0, 5L), Assert.Single(member.Ends));
    }

    [Fact]
    public void A_log_end_beside_a_backlog_is_no_newer_than_it_says_and_known_anew_before_the_backlog_is_read()
    {
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 5);
        Clicks.ProduceTo(settings, partition: 1, from: 0, count: 3 * QueuedRecords);
        using var member = new Member(settings) { StartAt = shard => shard == 0 ? 0 : null };
        member.PollUntil(() => member.OffsetsOf(0).Count == 5);
        member.Source.ReadFrom(1, 0);
        // Slowly, so that the client has fetched as much as it may and stops.
        PollEachMs(member, () => member.Clicks.Count > 1_000);

        Clicks.Produce(settings, partitions: 1, from: 5, count: 1);
        AssertLogEndIsHonest(member, TestTime.Now, end: 6);
        Assert.InRange(member.Clicks.Count, 1_000, QueuedRecords / 4);
    }

    [Fact]
    public void A_log_end_after_a_pause_is_no_newer_than_it_says_also_while_another_shard_waits_for_clicks()
    {
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 5);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count == 10);
        member.PollFor(TestTime.Quiet);
        member.Source.Pause(0);
        member.PollFor(TestTime.Quiet);

        Clicks.Produce(settings, partitions: 1, from: 5, count: 1);
        var appended = TestTime.Now;
        member.Source.Resume(0);
        AssertLogEndIsHonest(member, appended, end: 6);
        member.PollUntil(() => member.OffsetsOf(0).Count == 6);
    }

    [Fact]
    public void Where_all_is_read_the_log_end_stays_new_without_a_click()
    {
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 5);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count == 10);
        member.PollUntil(() => Age(member) < TimeSpan.FromMilliseconds(5));
        var old = 0;
        for (var start = TestTime.Now; TestTime.Since(start) < TimeSpan.FromSeconds(2);)
        {
            member.Poll(TimeSpan.FromMilliseconds(10));
            old += Age(member) < TimeSpan.FromMilliseconds(5) ? 0 : 1;
        }
        // A busy machine may hold the thread between the two calls.
        Assert.InRange(old, 0, 10);

        static TimeSpan Age(Member member)
        {
            Assert.Equal(5, member.Source.LogEnd(0, out var age));
            return age;
        }
    }

    [Fact]
    public void However_long_no_click_comes_log_ends_stay_known_and_no_read_waits_for_the_broker()
    {
        const int shards = 8;
        var settings = cluster.NewTopics(shards);
        Clicks.Produce(settings, partitions: shards, from: 0, count: 5);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count == 5 * shards);
        member.PollUntil(() => Enumerable.Range(0, shards).All(shard => member.Source.LogEnd(shard, out _) == 5));
        var known = Enumerable.Repeat(TestTime.Now, shards).ToArray();
        var (longest, slow) = (TimeSpan.Zero, 0);
        for (var start = TestTime.Now; TestTime.Since(start) < TimeSpan.FromSeconds(13);)
        {
            var polled = TestTime.Now;
            member.Poll(TimeSpan.FromMilliseconds(10));
            slow += TestTime.Since(polled) < TimeSpan.FromMilliseconds(100) ? 0 : 1;
            for (var shard = 0; shard < shards; shard++)
            {
                if (member.Source.LogEnd(shard, out _) == 5)
                {
                    known[shard] = TestTime.Now;
                }
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, TestTime.Since(known[shard]).Ticks));
            }
        }
        // A busy machine may hold the thread.
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        Assert.InRange(slow, 0, 3);
    }

    [Fact]
    public void A_record_that_the_client_forgot_is_read_after_all()
    {
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 5);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count == 10);
        member.PollUntil(() => member.Source.LogEnd(1, out _) == 5);

        Clicks.Produce(settings, partitions: 2, from: 5, count: 1);
        member.Source.Client.Seek(new TopicPartitionOffset(settings.ClicksTopic, 1, 6));
        member.PollUntil(() => member.OffsetsOf(0).Count == 6);
        Assert.Equal(Clicks.Offsets(0, 5), member.OffsetsOf(1));
        member.PollUntil(() => member.OffsetsOf(1).Count == 6 && member.Source.LogEnd(1, out _) == 6);
        Assert.Equal(Clicks.Offsets(0, 6), member.OffsetsOf(1));
    }

    [Fact]
    public void Where_the_broker_stands_still_log_ends_become_unknown_and_are_known_again_when_it_goes_on()
    {
        if (!cluster.Broker.IsOurs)
            Assert.Skip("KAFKA_BOOTSTRAP is a broker that is not ours to freeze");
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 5);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count == 10);
        member.PollFor(TestTime.Quiet);

        cluster.Broker.Freeze();
        try
        {
            var frozen = TestTime.Now;
            member.PollUntil(() => member.Source.LogEnd(0, out _) < 0 && member.Source.LogEnd(1, out _) < 0);
            // Five seconds after the last answer, which may be some seconds old; and a busy machine.
            Assert.InRange(TestTime.Since(frozen), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        }
        finally
        {
            cluster.Broker.Thaw();
        }
        member.PollUntil(() => member.Source.LogEnd(0, out _) == 5 && member.Source.LogEnd(1, out _) == 5);
        Clicks.Produce(settings, partitions: 2, from: 5, count: 1);
        member.PollUntil(() => member.Clicks.Count == 12);
        Assert.Equal(Clicks.Offsets(0, 6), member.OffsetsOf(1));
    }

    [Fact]
    public void A_member_that_leaves_while_it_joins_takes_the_process_not_with_it()
    {
        var settings = cluster.NewTopics(4);
        for (var ms = 0; ms < 120; ms += 10)
        {
            using var member = new Member(settings);
            member.PollFor(TimeSpan.FromMilliseconds(ms));
        }
        using var last = new Member(settings);
        last.PollUntil(() => last.Shards.Count == 4);
    }

    [Fact]
    public void A_group_that_is_called_together_does_not_count_on_a_member_that_is_about_to_leave()
    {
        var settings = cluster.NewTopics(3);
        using var stays = new Member(settings);
        using var leaves = new Member(settings);
        using var lingers = new Member(settings);
        Member.PollUntil(() => stays.Shards.Count == 1 && leaves.Shards.Count == 1 && lingers.Shards.Count == 1, stays, leaves, lingers);
        var assignments = stays.Assignments;
        lingers.Source.BeginLeave();
        leaves.Dispose();
        // Three heartbeats: each member has heard of it.
        stays.PollFor(TimeSpan.FromMilliseconds(1_500));
        Assert.Equal(assignments, stays.Assignments);

        lingers.Dispose();
        stays.PollUntil(() => stays.Shards.Count == 3);
        Assert.Equal(assignments + 1, stays.Assignments);
    }

    [Fact]
    public void A_dead_letter_of_a_megabyte_arrives_whole()
    {
        var settings = cluster.NewTopics(1);
        using var outlet = new KafkaOutlet(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
        var value = new byte[1_200_000];
        new Random(3).NextBytes(value);
        Assert.True(outlet.TrySend(new OutgoingMessage(Destination.DeadLetters, 0, 1, "k"u8.ToArray(), value, [new("reason", "NotJson")])));
        Assert.True(outlet.Flush(TestTime.Max));
        Assert.True(outlet.TryTakeReceipt(out var receipt));
        Assert.Null(receipt.Error);

        using var letters = new ActionConsumer(settings, settings.DeadTopic);
        Assert.True(letters.TryRead(TestTime.Max, out var letter));
        Assert.Equal(value, letter.Value);
    }

    [Fact]
    public void The_first_action_of_a_process_does_not_wait_for_the_second_in_which_the_client_looks_after_its_topics()
    {
        const int Processes = 10;
        var settings = cluster.NewTopics(1);
        var layout = TopicCheck.Run(settings, TestTime.Max);
        var waited = TimeSpan.Zero;
        for (var process = 0; process < Processes; process++)
        {
            using var outlet = new KafkaOutlet(settings, layout, TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
            // Once this has arrived, the client has long been connected, as it is when a shard is taken over and a visitor comes.
            outlet.TrySend(new OutgoingMessage(Destination.DeadLetters, 0, process, "k"u8.ToArray(), "v"u8.ToArray(), []));
            Assert.True(outlet.Flush(TestTime.Max));
            var start = TimeProvider.System.GetTimestamp();
            outlet.TrySend(new OutgoingMessage(Destination.Actions, 0, process, "k"u8.ToArray(), "v"u8.ToArray(), []));
            Assert.True(outlet.Flush(TestTime.Max));
            waited += TimeProvider.System.GetElapsedTime(start);
        }
        Assert.InRange(waited.TotalSeconds, 0, 0.2 * Processes);
    }

    [Fact]
    public void An_action_larger_than_its_topic_allows_gets_a_receipt_with_the_mend()
    {
        var settings = cluster.NewTopics(1);
        using var outlet = new KafkaOutlet(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
        outlet.TrySend(new OutgoingMessage(Destination.Actions, 0, 1, "k"u8.ToArray(), new byte[1_500_000], []));
        Assert.True(outlet.Flush(TestTime.Max));
        Assert.True(outlet.TryTakeReceipt(out var receipt));
        Assert.Contains("max.message.bytes", receipt.Error, StringComparison.Ordinal);

        outlet.TrySend(new OutgoingMessage(Destination.Actions, 0, 2, "k"u8.ToArray(), "v"u8.ToArray(), []));
        Assert.True(outlet.Flush(TestTime.Max));
        Assert.True(outlet.TryTakeReceipt(out receipt));
        Assert.Equal((2L, null), (receipt.Ticket, receipt.Error));
    }

    [Fact]
    public void A_broker_that_crashes_in_the_middle_loses_nothing_and_keeps_order()
    {
        if (!cluster.Broker.IsOurs)
            Assert.Skip("KAFKA_BOOTSTRAP is a broker that is not ours to kill");
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 100);
        using var member = new Member(settings);
        using var outlet = new KafkaOutlet(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
        member.PollUntil(() => member.Clicks.Count >= 200);
        Send(outlet, from: 0, count: 200);

        cluster.Broker.Kill();
        Send(outlet, from: 200, count: 200);
        member.PollFor(TestTime.Quiet);
        Assert.Equal(-1, member.Source.QueryLogEnd(0, TimeSpan.FromMilliseconds(200)));
        Assert.False(outlet.Flush(TimeSpan.FromMilliseconds(200)));
        cluster.Broker.Start();

        Assert.True(outlet.Flush(TestTime.Max));
        Clicks.Produce(settings, partitions: 2, from: 100, count: 100);
        member.PollUntil(() => member.OffsetsOf(0).Contains(199) && member.OffsetsOf(1).Contains(199));
        var tickets = new List<long>();
        while (outlet.TryTakeReceipt(out var receipt))
        {
            Assert.Null(receipt.Error);
            tickets.Add(receipt.Ticket);
        }

        Assert.Equal(Clicks.Offsets(0, 400), tickets);
        Assert.Equal(Enumerable.Range(0, 400), ActionConsumer.ReadAll(settings, TestTime.Quiet).Select(action => int.Parse(action.ValueText, CultureInfo.InvariantCulture)));
        Assert.Equal(Clicks.Offsets(0, 200), member.OffsetsOf(0).Distinct());
        Assert.DoesNotContain(member.Calls, call => call.StartsWith("missing", StringComparison.Ordinal));
    }

    /// <summary>Until the end is known, its age says that it was known before the click was there.</summary>
    private static void AssertLogEndIsHonest(Member member, long appended, long end)
    {
        var isKnown = false;
        PollEachMs(member, () =>
        {
            var since = TestTime.Since(appended);
            isKnown = member.Source.LogEnd(0, out var age) == end;
            if (!isKnown)
                Assert.True(age >= since, $"{since} after the click was appended, an end without it is {age} old");
            return isKnown || since > TimeSpan.FromSeconds(5);
        });
        Assert.True(isKnown, "the log's end was not known after 5 s");
    }

    private static void PollEachMs(Member member, Func<bool> done)
    {
        var start = TestTime.Now;
        for (var polls = 0; !done(); polls++)
        {
            while (TestTime.Since(start) < TimeSpan.FromMilliseconds(polls))
                Thread.Yield();
            member.Poll(TimeSpan.Zero);
        }
    }

    private static void Send(KafkaOutlet outlet, int from, int count)
    {
        for (var ticket = from; ticket < from + count; ticket++)
            Assert.True(outlet.TrySend(new OutgoingMessage(Destination.Actions, 0, ticket, "k"u8.ToArray(), Clicks.Bytes(Clicks.Text(ticket)), [])));
    }
}
