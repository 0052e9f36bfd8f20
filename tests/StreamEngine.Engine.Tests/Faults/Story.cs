using System.Text;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Engine.Tests.Faults;

/// <param name="AtMs">When the broker appends it, Unix ms by the broker's clock.</param>
/// <param name="Skip">Offsets left out before it.</param>
internal sealed record StoryClick(long AtMs, string Visitor, byte[] Value, int Skip = 0)
{
    public byte[] Key => Encoding.UTF8.GetBytes(Visitor);
}

/// <summary>What visitors do, and when: the same in every run, whatever befalls the engine meanwhile.</summary>
/// <param name="Clicks">In order of time.</param>
/// <param name="EndMs">Long enough after the last click for all its deadlines.</param>
internal sealed record Story(TacticsDefinition Tactics, IReadOnlyList<StoryClick> Clicks, long EndMs)
{
    public Story WithGap(int atClick, int skip) =>
        this with { Clicks = [.. Clicks.Select((click, i) => i == atClick ? click with { Skip = skip } : click)] };
}
