using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Brings near what the next clicks need, a step with each click that is handled: every step reads what the one before has asked for. The last one, to the lists
/// of the session, is the shard's own. 2.4 million clicks of 180,000 visitors with their commits, from memory, four runs each in turn: 3.67, 3.32, 3.41, 3.33 us a
/// click where only the slot of the next click was asked for, 3.30, 3.37, 3.25, 3.22 us with this.
/// </summary>
internal sealed class Lookahead(SlotTable slots)
{
    private Hint _next = Hint.None;
    private Hint _second = Hint.None;

    /// <summary>A click is about to be handled; its record tells of one that comes <see cref="ClickRecord.AheadRecords"/> later.</summary>
    public void Step(in ClickRecord record)
    {
        slots.OpenShard(_next.Shard)?.ExpectSession(_next.Visitor);
        slots.OpenShard(_second.Shard)?.ExpectPlace(_second.Visitor);
        _next = _second;
        _second = record.AheadKey.IsEmpty ? Hint.None : new Hint(record.AheadShard, SessionTable.Hash(record.AheadKey));
        slots.OpenShard(_second.Shard)?.ExpectSlot(_second.Visitor);
    }

    /// <summary>By number: a shard that was given up is not held in memory by a hint.</summary>
    private readonly record struct Hint(int Shard, ulong Visitor)
    {
        public static Hint None => new(-1, 0);
    }
}
