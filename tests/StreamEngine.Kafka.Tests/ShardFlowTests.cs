using StreamEngine.Kafka.Sources;

namespace StreamEngine.Kafka.Tests;

public sealed class ShardFlowTests
{
    private readonly ShardFlow _flow = new();

    public ShardFlowTests()
    {
        _flow.Assign();
        _flow.ReadFrom(7);
        _flow.Placed = true;
    }

    [Fact]
    public void Records_that_did_not_come_are_fetched_again_where_the_group_has_moved()
    {
        Assert.True(_flow.FetchesAgain());
        Assert.False(_flow.Placed);
        Assert.Equal(7, _flow.Next);
    }

    [Fact]
    public void What_does_not_come_the_second_time_either_is_no_record()
    {
        _flow.FetchesAgain();
        Assert.False(_flow.FetchesAgain());
        _flow.Next = 9;
        Assert.False(_flow.FetchesAgain());
    }

    [Fact]
    public void Each_move_of_the_group_may_have_lost_records()
    {
        _flow.FetchesAgain();
        _flow.FetchesAgain();
        (_flow.Next, _flow.MayHaveLost) = (9, true);
        Assert.True(_flow.FetchesAgain());
    }

    [Fact]
    public void A_gap_in_a_group_that_stands_still_is_the_logs_own()
    {
        _flow.MayHaveLost = false;
        Assert.False(_flow.FetchesAgain());
    }

    [Fact]
    public void A_log_that_is_read_from_its_beginning_may_begin_anywhere()
    {
        _flow.ReadFrom(-2);
        Assert.False(_flow.FetchesAgain());
    }
}
