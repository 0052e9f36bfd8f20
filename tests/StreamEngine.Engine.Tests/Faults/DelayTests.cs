using StreamEngine.Engine.Tests.Faults.Checks;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>Things that take minutes or hours, from every click of the story on. Nothing is judged as late here, so not even a reason may differ.</summary>
public sealed class DelayTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Sweep Afternoon = new(Stories.Afternoon);
    private static readonly Sweep Patient = new(Stories.Afternoon, StoryRun.PunctualEngine with { ExpireOverdue = false });

    [Theory]
    [InlineData(Minute)]
    [InlineData(7 * Minute)]
    [InlineData(3 * Hour)]
    public void The_store_may_take_its_time_and_decisions_are_still_made_in_theirs(long spanMs) => AtEveryClick(Afternoon, FaultKind.StoreSlow, spanMs);

    [Theory]
    [InlineData(Minute)]
    [InlineData(40 * Minute)]
    public void The_store_may_be_down(long spanMs) => AtEveryClick(Patient, FaultKind.StoreDown, spanMs);

    [Theory]
    [InlineData(Minute)]
    [InlineData(2 * Hour)]
    public void The_source_may_stall(long spanMs) => AtEveryClick(Patient, FaultKind.SourceStalls, spanMs);

    [Theory]
    [InlineData(Minute)]
    [InlineData(2 * Hour)]
    public void The_end_of_the_log_may_be_unknown(long spanMs) => AtEveryClick(Patient, FaultKind.LogEndUnknown, spanMs);

    [Theory]
    [InlineData(Minute)]
    [InlineData(2 * Hour)]
    public void Receipts_may_be_late(long spanMs) => AtEveryClick(Afternoon, FaultKind.ReceiptsWait, spanMs);

    [Theory]
    [InlineData(2 * Minute)]
    [InlineData(31 * Minute)]
    [InlineData(8 * Hour)]
    public void The_engine_may_be_down(long spanMs) => AtEveryClick(Patient, FaultKind.Down, spanMs);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1_000)]
    public void The_source_may_hand_out_records_again(int records) => AtEveryClick(Afternoon, FaultKind.SourceJumpsBack, 0, records);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void The_broker_may_refuse_messages(int messages) => AtEveryClick(Afternoon, FaultKind.SendsFail, 0, messages);

    [Fact]
    public void Offsets_may_be_missing_anywhere()
    {
        for (var click = 0; click < Afternoon.Clicks; click++)
        {
            var gappy = new Sweep(Stories.Afternoon.WithGap(click, skip: 7), Patient.Engine);
            var anyOffset = gappy.Expected with { NextOffset = Afternoon.Expected.NextOffset, DeadLetters = null };
            Assert.Empty(EqualCheck.Complaints(Afternoon.Expected, anyOffset));
            gappy.AssertHarmless(new Fault(FaultKind.Down, click, Minute), new Fault(FaultKind.SourceJumpsBack, click + 1, 0, 20));
        }
    }

    private static void AtEveryClick(Sweep sweep, FaultKind kind, long spanMs, long amount = 0)
    {
        for (var click = 0; click < sweep.Clicks; click++)
        {
            sweep.AssertHarmless(new Fault(kind, click, spanMs, amount));
        }
    }
}
