using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Kafka.Sources;
using StreamEngine.TestKit;

namespace StreamEngine.Kafka.Tests;

/// <summary>When positions go to the group: a commit at the wrong moment costs a member all its shards.</summary>
public sealed class GroupOffsetsTests : IDisposable
{
    private const int IntervalMs = 5_000;

    private readonly FakeTime _time = new();
    private readonly CommitRecorder _recorder;
    private readonly GroupOffsets _offsets;

    public GroupOffsetsTests()
    {
        (var consumer, _recorder) = CommitRecorder.New();
        _offsets = new GroupOffsets(consumer, "clicks", _time, NullLogger.Instance);
    }

    public void Dispose() => _offsets.Dispose();

    [Fact]
    public void Of_each_shard_the_newest_position_goes_to_the_group_once()
    {
        _offsets.Report(1, 10);
        _offsets.Report(1, 12);
        Tick();
        Tick();
        Assert.Equal("clicks [[1]] @12", Assert.Single(Assert.Single(_recorder.Commits)).ToString());
    }

    [Fact]
    public void While_the_group_moves_none_do()
    {
        _offsets.Report(1, 10);
        _time.Advance(IntervalMs);
        _offsets.GroupMoved();
        _offsets.CommitWhenQuiet();
        Assert.Empty(_recorder.Commits);
        Tick();
        Assert.Single(_recorder.Commits);
    }

    [Fact]
    public void What_was_refused_is_tried_again_but_not_for_a_shard_that_left_meanwhile()
    {
        _offsets.Report(1, 10);
        _offsets.Report(2, 20);
        _recorder.Within = () =>
        {
            _offsets.Forget(1);
            throw new KafkaException(ErrorCode.Local_WaitCoord);
        };
        Tick();
        _recorder.Within = static () => { };
        Tick();
        Assert.Equal(2, _recorder.Commits.Count);
        Assert.Equal("clicks [[2]] @20", Assert.Single(_recorder.Commits[^1]).ToString());
    }

    [Fact]
    public async Task A_member_that_leaves_tells_its_positions_whatever_the_group_does()
    {
        _offsets.Report(1, 10);
        _offsets.GroupMoved();
        await _offsets.BeginCommit();
        Assert.Single(_recorder.Commits);
    }

    private void Tick()
    {
        _time.Advance(IntervalMs);
        _offsets.CommitWhenQuiet();
    }
}
