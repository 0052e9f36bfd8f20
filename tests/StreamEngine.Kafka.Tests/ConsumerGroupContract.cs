using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Tests;

/// <summary>Shards move between members; each is read by one of them at a time.</summary>
public abstract class ConsumerGroupContract(TestCluster cluster)
{
    private const int Partitions = 4;

    [Fact]
    public void Two_members_share_the_shards_and_the_one_who_stays_gets_them_all_back()
    {
        var settings = cluster.NewTopics(Partitions);
        Clicks.Produce(settings, Partitions, from: 0, count: 10);
        using var first = new Member(settings);
        first.PollUntil(() => first.Clicks.Count >= Partitions * 10);
        var second = new Member(settings) { StartAt = _ => 10 };
        using (second)
        {
            Member.PollUntil(() => first.Shards.Count == 2 && second.Shards.Count == 2, first, second);
            Assert.Empty(first.Shards.Intersect(second.Shards));
            Assert.Contains(first.Calls, call => call.StartsWith("revoked", StringComparison.Ordinal));

            Clicks.Produce(settings, Partitions, from: 10, count: 10);
            Member.PollUntil(() => second.Clicks.Count >= 20 && first.Clicks.Count >= Partitions * 10 + 20, first, second);
            Assert.All(second.Shards, shard => Assert.Equal(Clicks.Offsets(10, 10), second.OffsetsOf(shard)));
            Assert.All(first.Shards, shard => Assert.Equal(Clicks.Offsets(0, 20), first.OffsetsOf(shard)));
        }

        first.StartAt = _ => 20;
        first.PollUntil(() => first.Shards.Count == Partitions);
        Clicks.Produce(settings, Partitions, from: 20, count: 5);
        first.PollUntil(() => first.Clicks.Count >= Partitions * 10 + 20 + Partitions * 5);
        Assert.DoesNotContain(first.Calls, call => call.StartsWith("lost", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Calls, call => call.StartsWith("revoked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_for_whom_no_shard_is_left_is_told_so()
    {
        var settings = cluster.NewTopics(1);
        using var first = new Member(settings);
        first.PollUntil(() => first.Shards.Count == 1);
        using var second = new Member(settings);
        Member.PollUntil(() => second.Assignments > 0, first, second);
        Assert.Equal(1, first.Shards.Count + second.Shards.Count);
    }

    [Fact]
    public void A_shard_that_left_while_it_was_paused_flows_when_it_comes_back()
    {
        var settings = cluster.NewTopics(2);
        Clicks.Produce(settings, partitions: 2, from: 0, count: 10);
        using var first = new Member(settings);
        first.PollUntil(() => first.Clicks.Count >= 20);
        first.Source.Pause(0);
        first.Source.Pause(1);
        using (var second = new Member(settings))
            Member.PollUntil(() => first.Shards.Count == 1 && second.Shards.Count == 1, first, second);

        first.Clicks.Clear();
        first.PollUntil(() => first.Shards.Count == 2);
        first.Source.Resume(0);
        first.Source.Resume(1);
        Clicks.Produce(settings, partitions: 2, from: 10, count: 10);
        first.PollUntil(() => first.OffsetsOf(0).Contains(19) && first.OffsetsOf(1).Contains(19));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Committed_positions_reach_the_group_for_lag_tools(bool leavesInOrder)
    {
        var settings = cluster.NewTopics(2);
        Assert.Equal([0, 0], GroupProgress.Ask(settings, 2, TestTime.Max));
        Clicks.Produce(settings, partitions: 2, from: 0, count: 10);
        using (var member = new Member(settings))
        {
            member.PollUntil(() => member.Clicks.Count >= 20);
            member.Source.ReportCommitted(0, 4);
            member.Source.ReportCommitted(0, 8);
            member.Source.ReportCommitted(1, 10);
            member.PollUntil(() => GroupProgress.Ask(settings, 2, TestTime.Max) is [8, 10]);
            member.Source.ReportCommitted(0, 9);
            if (leavesInOrder)
                member.Source.BeginLeave();
        }

        Assert.Equal([9, 10], GroupProgress.Ask(settings, 2, TestTime.Max));
    }
}

public sealed class EmbeddedConsumerGroupTests(EmbeddedCluster cluster) : ConsumerGroupContract(cluster), IClassFixture<EmbeddedCluster>;

[Collection(RealBrokerCollection.Name)]
public sealed class RealConsumerGroupTests(RealCluster cluster) : ConsumerGroupContract(cluster);
