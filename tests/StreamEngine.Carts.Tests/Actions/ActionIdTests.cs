using FsCheck.Fluent;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Actions;

public sealed class ActionIdTests
{
    [Fact]
    public void An_id_never_changes_between_releases()
    {
        Assert.Equal("d8df4799db46b272c09c7779650e98ce", ActionId.Of("shop", "visitor-1"u8, SessionDriver.StartMs, 1, "email-1h", 1).ToString());
    }

    [Fact]
    public void Equal_parts_give_equal_ids_and_any_other_part_another()
    {
        var part = Gen.Elements("", "a", "b", "ab", "ba", "a\0");
        var number = Gen.Choose(0, 3);
        var parts = from store in part
                    from visitor in part
                    from start in number
                    from episode in number
                    from tactic in part
                    from occurrence in number
                    select (store, visitor, start, episode, tactic, occurrence);
        Checks.Run(Prop.ForAll(parts.Two().ToArbitrary(), pair =>
        {
            var (x, y) = pair;
            return x.Equals(y) == (IdOf(x) == IdOf(y));
        }));

        static ActionId IdOf((string Store, string Visitor, int Start, int Episode, string Tactic, int Occurrence) p) =>
            ActionId.Of(p.Store, System.Text.Encoding.UTF8.GetBytes(p.Visitor), p.Start, p.Episode, p.Tactic, p.Occurrence);
    }

    [Fact]
    public void Hex_digits_and_bytes_lead_back_to_the_id()
    {
        Checks.Run(Prop.ForAll(ArbMap.Default.ArbFor<(ulong, ulong)>(), halves =>
        {
            var id = new ActionId(halves.Item1, halves.Item2);
            Span<byte> bytes = stackalloc byte[16];
            id.WriteTo(bytes);
            return ActionId.FromBytes(bytes) == id && ActionId.TryParse(System.Text.Encoding.ASCII.GetBytes(id.ToString()), out var parsed) && parsed == id;
        }));
        Assert.False(ActionId.TryParse("0123"u8, out _));
        Assert.False(ActionId.TryParse("0123456789abcdef0123456789abcdeg"u8, out _));
        Assert.False(ActionId.TryParse("-123456789abcdef0123456789abcdef"u8, out _));
    }

    [Fact]
    public void An_id_allocates_nothing()
    {
        ActionId.Of("shop", "visitor-1"u8, SessionDriver.StartMs, 1, "email-1h", 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            ActionId.Of("shop", "visitor-1"u8, SessionDriver.StartMs, 1, "email-1h", i);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("cart_abandoned")]
    [InlineData("cart_recovered")]
    [InlineData("contact")]
    public void A_tactic_that_is_named_like_a_fact_does_not_share_its_id(string name)
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Abandoned(name, 0)));
        carts.Feed(Identify(email: "a@b.c"));
        carts.Feed(Add("sku-1"));
        carts.Advance(SessionDriver.Hour);
        carts.Feed(Order("o-1"));
        Assert.Equal(3, carts.Decided.Count);
        Assert.Equal(3, carts.Decided.Select(a => a.Id).Distinct().Count());
        Assert.Equal(CartPhase.Recovered, carts.Phase);
    }
}
