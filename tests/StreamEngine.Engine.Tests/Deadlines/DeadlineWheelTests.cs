using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Engine.Deadlines;

namespace StreamEngine.Engine.Tests.Deadlines;

public sealed class DeadlineWheelTests
{
    private const long Year2100Ms = 4_102_444_800_000;

    private static long RoundedUp(long ms) => (ms + 9) / 10 * 10;

    /// <summary>Reads each number as one step: arm, move, disarm or let time pass, near or far.</summary>
    private static void CompareWithModel(int[] steps, long startMs)
    {
        var wheel = new DeadlineWheel<object>(startMs);
        var now = startMs;
        var armed = new Dictionary<object, (int Entry, long Due, long ArmedAt)>();
        var random = new System.Random(steps.Length);
        foreach (var step in steps)
        {
            // Spans from a millisecond to years, so that every level has its turn.
            var span = (long)(random.NextDouble() * Math.Pow(10, random.Next(0, 12)));
            switch (Math.Abs((long)step) % 8)
            {
                case < 4:
                    var owner = new object();
                    armed.Add(owner, (wheel.Arm(owner, now + span), now + span, now));
                    break;
                case 4 when armed.Count > 0:
                    var moved = armed.Keys.ElementAt(random.Next(armed.Count));
                    wheel.Move(armed[moved].Entry, now + span);
                    armed[moved] = (armed[moved].Entry, now + span, now);
                    break;
                case 5 when armed.Count > 0:
                    var gone = armed.Keys.ElementAt(random.Next(armed.Count));
                    wheel.Disarm(armed[gone].Entry);
                    armed.Remove(gone);
                    break;
                default:
                    now += span;
                    PopAll(wheel, now, armed);
                    break;
            }
            Assert.Equal(armed.Count, wheel.Count);
        }
        while (armed.Count > 0)
        {
            now = Math.Max(now, armed.Values.Min(a => RoundedUp(a.Due)));
            PopAll(wheel, now, armed);
        }
        Assert.Equal(0, wheel.Count);
    }

    private static void PopAll(DeadlineWheel<object> wheel, long now, Dictionary<object, (int Entry, long Due, long ArmedAt)> armed)
    {
        var last = long.MinValue;
        for (var next = wheel.Next; wheel.TryPop(now, out var owner); next = wheel.Next)
        {
            Assert.True(next is null || ReferenceEquals(next, owner), "Another one was said to be next.");
            Assert.True(armed.Remove(owner, out var entry), "An entry was popped that was not armed.");
            Assert.True(entry.Due <= now, $"Due {entry.Due} popped at {now}: too early.");
            // What was overdue when it was armed wakes with the tick in which it was armed.
            var tick = Math.Max(RoundedUp(entry.Due), entry.ArmedAt / 10 * 10);
            Assert.True(tick >= last, $"Tick {tick} came after {last}.");
            last = tick;
        }
        Assert.All(armed.Values, entry => Assert.True(RoundedUp(entry.Due) > now, $"Due {entry.Due} was not popped at {now}."));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_772_445_600_000)]
    [InlineData(Year2100Ms)]
    public void It_does_what_a_sorted_list_does(long startMs) =>
        Prop.ForAll<int[]>(steps => CompareWithModel(steps, startMs)).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(300));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(63 * 10)]
    [InlineData(1_772_445_600_007)]
    public void At_every_carry_of_every_level_it_wakes_at_the_instant_and_not_before(long startMs)
    {
        long span = 1;
        for (var level = 0; level < 6; level++)
        {
            span *= 64;
            for (var delta = -2L; delta <= 2; delta++)
            {
                var due = startMs + (span + delta) * 10;
                var wheel = new DeadlineWheel<string>(startMs);
                wheel.Arm("x", due);
                Assert.False(wheel.TryPop(RoundedUp(due) - 1, out _));
                Assert.True(wheel.TryPop(RoundedUp(due), out var owner));
                Assert.Equal("x", owner);
            }
        }
    }

    [Fact]
    public void It_wakes_at_most_ten_milliseconds_late()
    {
        for (var due = 1_000L; due < 1_100; due++)
        {
            var wheel = new DeadlineWheel<string>(3);
            var entry = wheel.Arm("x", due);
            Assert.InRange(wheel.WakeMs(entry), due, due + 9);
        }
    }

    [Fact]
    public void What_is_overdue_when_it_is_armed_wakes_at_once()
    {
        var wheel = new DeadlineWheel<string>(Year2100Ms);
        wheel.Arm("past", 5);
        wheel.Arm("negative", -1);
        wheel.Arm("long ago", long.MinValue);
        Assert.True(wheel.TryPop(Year2100Ms, out _));
        Assert.True(wheel.TryPop(Year2100Ms, out _));
        Assert.True(wheel.TryPop(Year2100Ms, out _));
    }

    [Fact]
    public void What_is_due_never_does_not_wake()
    {
        var wheel = new DeadlineWheel<string>(0);
        wheel.Arm("never", long.MaxValue);
        Assert.False(wheel.TryPop(Year2100Ms, out _));
        Assert.Equal(1, wheel.Count);
    }

    [Fact]
    public void A_wheel_that_starts_at_zero_takes_the_whole_way_to_2100_in_one_step()
    {
        var wheel = new DeadlineWheel<string>(0);
        wheel.Arm("b", Year2100Ms + 10);
        wheel.Arm("a", Year2100Ms);
        Assert.False(wheel.TryPop(Year2100Ms - 1, out _));
        Assert.True(wheel.TryPop(Year2100Ms + 10, out var first));
        Assert.True(wheel.TryPop(Year2100Ms + 10, out var second));
        Assert.Equal(("a", "b"), (first, second));
    }

    [Fact]
    public void A_million_deadlines_come_in_order_and_all_of_them()
    {
        const int Count = 1_000_000;
        var random = new System.Random(7);
        var wheel = new DeadlineWheel<long[]>(Year2100Ms);
        for (var i = 0; i < Count; i++)
        {
            var due = Year2100Ms + (long)(random.NextDouble() * 90 * 86_400_000);
            wheel.Arm([due], due);
        }
        var last = 0L;
        var popped = 0;
        for (var now = Year2100Ms; wheel.Count > 0; now += 3_600_000)
        {
            while (wheel.TryPop(now, out var owner))
            {
                Assert.True(owner[0] <= now);
                Assert.True(RoundedUp(owner[0]) >= last);
                last = RoundedUp(owner[0]);
                popped++;
            }
        }
        Assert.Equal(Count, popped);
    }

    [Fact]
    public void An_entry_armed_while_others_are_popped_has_its_place()
    {
        var wheel = new DeadlineWheel<string>(0);
        wheel.Arm("a", 10_000);
        Assert.True(wheel.TryPop(60_000, out _));
        // Shard time is 60 s, the wheel stands at 10 s: between them is still the past.
        wheel.Arm("b", 10_500);
        wheel.Arm("c", 59_990);
        wheel.Arm("d", 60_010);
        Assert.True(wheel.TryPop(60_000, out var b));
        Assert.True(wheel.TryPop(60_000, out var c));
        Assert.False(wheel.TryPop(60_000, out _));
        Assert.Equal(("b", "c", 1), (b, c, wheel.Count));
    }
}
