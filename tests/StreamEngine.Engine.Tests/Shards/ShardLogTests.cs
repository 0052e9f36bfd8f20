using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Tests.Shards;

/// <summary>The log against a model: a dictionary of what is alive, and the segments as a store would hold them.</summary>
public sealed class ShardLogTests
{
    private readonly ShardLog _log = new();
    private readonly SessionMemory _memory = new();
    private readonly SortedDictionary<long, byte[]> _stored = [];
    private readonly Dictionary<string, ResidentSession> _alive = new(StringComparer.Ordinal);
    private readonly List<ResidentSession> _dirty = [];
    private long _seq;

    private void Touch(string visitor, int textBytes = 200)
    {
        if (!_alive.TryGetValue(visitor, out var session))
        {
            session = new ResidentSession(Encoding.UTF8.GetBytes(visitor)) { StartedMs = 1_000, Phase = CartPhase.Carting };
            _alive.Add(visitor, session);
        }
        session.LastActivityMs = 2_000 + _seq;
        session.GetExtras(_memory).Coupon = new byte[textBytes];
        MarkDirty(session);
    }

    private void End(string visitor)
    {
        if (_alive.Remove(visitor, out var session))
        {
            session.IsEnded = true;
            if (session.LogSeq != 0)
            {
                MarkDirty(session);
            }
        }
    }

    private void MarkDirty(ResidentSession session)
    {
        if (!session.IsDirty)
        {
            session.IsDirty = true;
            _dirty.Add(session);
        }
    }

    private ShardCommit Commit()
    {
        var commit = new ShardCommit { CommitSeq = ++_seq };
        _log.Write(commit, _dirty);
        _dirty.Clear();
        foreach (var old in _stored.Keys.Where(seq => seq < commit.DropSegmentsBelow).ToList())
        {
            _stored.Remove(old);
        }
        if (commit.Segment.WrittenCount > 0)
        {
            _stored.Add(commit.CommitSeq, commit.Segment.WrittenSpan.ToArray());
        }
        return commit;
    }

    private static byte[] StateOf(ResidentSession session)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        SessionCodec.Write(session, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private Dictionary<string, byte[]> ReadBack()
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var segment in _stored.Values)
        {
            var reader = new SegmentReader(segment);
            while (reader.TryNext())
            {
                var visitor = Encoding.UTF8.GetString(reader.Key);
                found.Remove(visitor);
                if (!reader.IsEnd)
                {
                    found.Add(visitor, reader.State.ToArray());
                }
            }
        }
        return found;
    }

    private void AssertReadsBack()
    {
        var found = ReadBack();
        Assert.Equal(_alive.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (visitor, state) in found)
        {
            Assert.Equal(StateOf(_alive[visitor]), state);
        }
        Assert.Equal(_stored.Values.Sum(s => (long)s.Length), _log.TotalBytes);
        Assert.Equal(_stored.Count, _log.SegmentCount);
    }

    [Fact]
    public void After_any_history_the_log_says_what_memory_says() =>
        Prop.ForAll<int[]>(steps =>
        {
            var test = new ShardLogTests();
            foreach (var step in steps)
            {
                var visitor = "v" + Math.Abs((long)step) % 23;
                switch (Math.Abs((long)step / 23) % 6)
                {
                    case 0: test.End(visitor); break;
                    case 1:
                        // Over, and back within the same commit.
                        test.End(visitor);
                        test.Touch(visitor);
                        break;
                    case 2:
                        test.Commit();
                        test.AssertReadsBack();
                        break;
                    default: test.Touch(visitor, 8_000); break;
                }
            }
            test.Commit();
            test.AssertReadsBack();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(400));

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.0)]
    [InlineData(3, 0.5)]
    [InlineData(4, 0.9)]
    [InlineData(5, 0.99)]
    public void Half_of_the_log_is_alive_whatever_share_of_the_sessions_is_cold(int seed, double coldShare)
    {
        const int Sessions = 4_000;
        var random = new System.Random(seed);
        for (var i = 0; i < Sessions; i++)
        {
            Touch("v" + i);
            if (i % 100 == 99)
            {
                Commit();
            }
        }
        var cold = (int)(Sessions * coldShare);
        for (var commit = 0; commit < 500; commit++)
        {
            for (var i = 0; i < 200; i++)
            {
                Touch("v" + random.Next(cold, Sessions));
            }
            Commit();
            Assert.True(
                _log.TotalBytes < ShardLog.SmallBytes || _log.LiveBytes * 2 >= _log.TotalBytes,
                $"After commit {commit} only {_log.LiveBytes} of {_log.TotalBytes} bytes are alive.");
        }
        AssertReadsBack();
    }

    [Fact]
    public void A_commit_copies_no_more_than_twice_what_it_brings_and_a_little()
    {
        for (var i = 0; i < 20_000; i++)
        {
            Touch("v" + i);
        }
        Commit();
        for (var commit = 0; commit < 300; commit++)
        {
            for (var i = 0; i < 50; i++)
            {
                Touch("v" + (i * 397 + commit) % 20_000);
            }
            var written = Commit().Segment.WrittenCount;
            Assert.InRange(written, 1, 3 * 50 * 300 + ShardLog.CleanBytesMin + 300);
        }
        AssertReadsBack();
    }

    [Fact]
    public void After_most_sessions_ended_the_log_shrinks_with_the_commits_that_follow()
    {
        for (var i = 0; i < 20_000; i++)
        {
            Touch("v" + i);
        }
        Commit();
        for (var i = 0; i < 19_000; i++)
        {
            End("v" + i);
        }
        Commit();
        for (var commit = 0; commit < 20; commit++)
        {
            Touch("v19999");
            Commit();
        }
        Assert.True(_log.LiveBytes * 2 >= _log.TotalBytes || _log.TotalBytes < ShardLog.SmallBytes, $"{_log.LiveBytes} of {_log.TotalBytes}");
        AssertReadsBack();
    }

    [Fact]
    public void When_everything_has_ended_the_log_is_almost_empty()
    {
        for (var i = 0; i < 100; i++)
        {
            Touch("v" + i);
        }
        Commit();
        for (var i = 0; i < 100; i++)
        {
            End("v" + i);
        }
        Commit();
        Assert.Equal(0, _log.LiveBytes);
        Commit();
        Assert.Empty(_stored);
        Assert.Equal(0, _log.TotalBytes);
    }

    [Fact]
    public void A_commit_of_nothing_writes_no_segment()
    {
        Assert.Equal(0, Commit().Segment.WrittenCount);
        AssertReadsBack();
    }
}
