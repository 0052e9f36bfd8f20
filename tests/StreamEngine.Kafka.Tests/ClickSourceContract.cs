namespace StreamEngine.Kafka.Tests;

/// <summary>Reading, as the worker relies on it. Holds for every broker and both kinds of group protocol.</summary>
public abstract class ClickSourceContract(TestCluster cluster)
{
    protected virtual string Strategy => "cooperative-sticky";

    private KafkaSettings NewTopics(int partitions)
    {
        var settings = cluster.NewTopics(partitions);
        return settings with
        {
            Client = new Dictionary<string, string>(settings.Client, StringComparer.Ordinal) { ["partition.assignment.strategy"] = Strategy },
        };
    }

    [Fact]
    public void Clicks_of_a_shard_come_in_order_with_key_value_and_time()
    {
        var settings = NewTopics(3);
        Clicks.Produce(settings, partitions: 3, from: 0, count: 500);
        using var member = new Member(settings);

        member.PollUntil(() => member.Clicks.Count >= 1500);

        Assert.Equal("assigned 0 1 2", Assert.Single(member.Calls));
        for (var shard = 0; shard < 3; shard++)
            Assert.Equal(Clicks.Offsets(0, 500), member.OffsetsOf(shard));
        Assert.All(member.Clicks, click => Assert.Equal(($"key-{click.Shard}", Clicks.Text((int)click.Offset)), (click.Key, click.Value)));
        Assert.All(member.Clicks, click => Assert.True(click.TimestampMs > 0));
    }

    [Fact]
    public void Reading_begins_at_the_offset_that_was_asked_for()
    {
        var settings = NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 20);
        using var member = new Member(settings) { StartAt = shard => shard == 0 ? 7 : 20 };

        member.PollUntil(() => member.OffsetsOf(0).Count >= 13);
        Clicks.Produce(settings, partitions: 2, from: 20, count: 1);
        member.PollUntil(() => member.Clicks.Count >= 15);

        Assert.Equal(Clicks.Offsets(7, 14), member.OffsetsOf(0));
        Assert.Equal(Clicks.Offsets(20, 1), member.OffsetsOf(1));
    }

    [Fact]
    public void An_assigned_shard_is_silent_until_it_is_read_also_while_clicks_arrive()
    {
        var settings = NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 10);
        using var member = new Member(settings) { StartAt = shard => shard == 1 ? 0 : null };

        member.PollUntil(() => member.OffsetsOf(1).Count >= 10);
        Clicks.Produce(settings, partitions: 2, from: 10, count: 10);
        member.PollUntil(() => member.OffsetsOf(1).Count >= 20);
        member.PollFor(TestTime.Quiet);
        Assert.Empty(member.OffsetsOf(0));

        member.Source.ReadFrom(0, 3);
        member.PollUntil(() => member.OffsetsOf(0).Count >= 17);
        Assert.Equal(Clicks.Offsets(3, 17), member.OffsetsOf(0));
        Assert.Equal(Clicks.Offsets(0, 20), member.OffsetsOf(1));
    }

    [Fact]
    public void A_shard_that_is_read_again_from_an_earlier_offset_repeats_exactly_from_there()
    {
        var settings = NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 100);
        using var member = new Member(settings);
        member.PollUntil(() => member.OffsetsOf(0).Count >= 50);

        member.Clicks.RemoveAll(click => click.Shard == 0);
        member.Source.ReadFrom(0, 10);
        member.PollUntil(() => member.OffsetsOf(0).Count >= 90 && member.OffsetsOf(1).Count >= 100);

        Assert.Equal(Clicks.Offsets(10, 90), member.OffsetsOf(0));
        Assert.Equal(Clicks.Offsets(0, 100), member.OffsetsOf(1));
    }

    [Fact]
    public void A_paused_shard_is_silent_while_others_go_on_and_resumes_without_gap_or_repeat()
    {
        var settings = NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 300);
        using var member = new Member(settings);
        var paused = -1L;

        for (var round = 1; round <= 5; round++)
        {
            member.PollUntil(() => member.OffsetsOf(0).Count >= round * 20);
            member.Source.Pause(0);
            paused = member.OffsetsOf(0).Count;
            var others = member.OffsetsOf(1).Count;
            Clicks.Produce(settings, partitions: 2, from: 300 + round, count: 1);
            member.PollUntil(() => member.OffsetsOf(1).Count > others);
            Assert.Equal(paused, member.OffsetsOf(0).Count);
            member.Source.Resume(0);
        }

        member.PollUntil(() => member.Clicks.Count >= 610);
        member.PollFor(TestTime.Quiet);
        Assert.Equal(Clicks.Offsets(0, 305), member.OffsetsOf(0));
        Assert.Equal(Clicks.Offsets(0, 305), member.OffsetsOf(1));
    }

    [Fact]
    public void A_shard_that_is_paused_before_its_first_click_can_be_placed_elsewhere_before_it_resumes()
    {
        var settings = NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 30);
        using var member = new Member(settings) { StartAt = _ => null };
        member.PollUntil(() => member.Shards.Count == 1);

        member.Source.ReadFrom(0, 5);
        member.Source.Pause(0);
        member.PollFor(TestTime.Quiet);
        Assert.Empty(member.Clicks);
        member.Source.ReadFrom(0, 21);
        member.PollFor(TestTime.Quiet);
        Assert.Empty(member.Clicks);
        member.Source.Resume(0);
        member.PollUntil(() => member.Clicks.Count >= 9);

        Assert.Equal(Clicks.Offsets(21, 9), member.OffsetsOf(0));
    }

    [Fact]
    public void Log_end_is_unknown_at_first_and_then_follows_the_log()
    {
        var settings = NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 12);
        using var member = new Member(settings);
        Assert.Equal(-1, member.Source.LogEnd(0, out _));

        member.PollUntil(() => member.Clicks.Count >= 12);
        Assert.Equal(12, member.Source.LogEnd(0, out _));
        Clicks.Produce(settings, partitions: 1, from: 12, count: 3);
        Assert.Equal(15, member.Source.QueryLogEnd(0, TestTime.Max));
    }

    [Fact]
    public void A_source_that_is_closed_knows_no_log_end()
    {
        var settings = NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 3);
        using var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count >= 3);
        member.Source.Dispose();

        Assert.Equal(-1, member.Source.LogEnd(0, out var age));
        Assert.Equal(TimeSpan.MaxValue, age);
    }

    [Fact]
    public void A_missing_offset_is_told_once_and_stops_only_its_shard()
    {
        var settings = NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 10);
        using var member = new Member(settings) { StartAt = shard => shard == 0 ? 500 : 0 };

        member.PollUntil(() => member.Calls.Count >= 2 && member.Clicks.Count >= 10);
        member.PollFor(TestTime.Quiet);

        Assert.Equal(["assigned 0 1", "missing 0: asked for offset 500, the log ends at 10: the topic was deleted and made anew, or the broker has lost records"], member.Calls);
        Assert.Equal(Clicks.Offsets(0, 10), member.OffsetsOf(1));

        member.Source.ReadFrom(0, 0);
        member.PollUntil(() => member.OffsetsOf(0).Count >= 10);
        Assert.Equal(Clicks.Offsets(0, 10), member.OffsetsOf(0));
    }

    [Fact]
    public void An_exception_of_the_assignee_comes_out_of_TryRead_and_membership_goes_on()
    {
        var settings = NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 5);
        using var member = new Member(settings) { ThrowOnAssigned = new InvalidDataException("take-over failed") };

        var fault = Assert.Throws<InvalidDataException>(() => member.PollUntil(() => member.Clicks.Count > 0));
        member.PollUntil(() => member.Clicks.Count >= 5);

        Assert.Equal("take-over failed", fault.Message);
        Assert.Equal("assigned 0", Assert.Single(member.Calls));
    }

    [Fact]
    public void A_read_without_patience_does_not_wait()
    {
        var settings = NewTopics(1);
        using var member = new Member(settings);
        var start = TestTime.Now;
        for (var call = 0; call < 100; call++)
            Assert.False(member.Source.TryRead(TimeSpan.Zero, out _));
        Assert.True(TestTime.Since(start) < TimeSpan.FromSeconds(2), $"100 reads took {TestTime.Since(start)}");
    }
}

public sealed class EmbeddedClickSourceTests(EmbeddedCluster cluster) : ClickSourceContract(cluster), IClassFixture<EmbeddedCluster>;

public sealed class EmbeddedEagerClickSourceTests(EmbeddedCluster cluster) : ClickSourceContract(cluster), IClassFixture<EmbeddedCluster>
{
    protected override string Strategy => "range,roundrobin";
}

[Collection(RealBrokerCollection.Name)]
public sealed class RealClickSourceTests(RealCluster cluster) : ClickSourceContract(cluster);

[Collection(RealBrokerCollection.Name)]
public sealed class RealEagerClickSourceTests(RealCluster cluster) : ClickSourceContract(cluster)
{
    protected override string Strategy => "range,roundrobin";
}
