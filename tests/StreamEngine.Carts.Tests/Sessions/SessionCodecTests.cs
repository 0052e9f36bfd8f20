using FsCheck.Fluent;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

public sealed class SessionCodecTests
{
    // Number and layout of fields, as the codec lays them out: number * 4 + type.
    private const byte Phase = 1 * 4;
    private const byte Page = 2 * 4;
    private const byte Traits = 3 * 4;
    private const byte Consents = 4 * 4;
    private const byte Currency = 5 * 4;
    private const byte PageSince = 7 * 4;
    private const byte DwellDone = 8 * 4;
    private const byte Episode = 12 * 4;
    private const byte StatedValue = 20 * 4;
    private const byte Line = 21 * 4 + 2;
    private const byte Messages = 22 * 4 + 2;
    private const byte Counter = 23 * 4 + 2;
    private const byte CartId = 24 * 4 + 2;
    private const byte CheckoutId = 25 * 4 + 2;
    private const byte Pending = 29 * 4 + 2;
    private const byte Withdrawn = 30 * 4 + 2;
    private const byte OfAnotherRelease = 60 * 4;

    [Fact]
    public void A_typical_cart_of_three_lines_takes_at_most_300_bytes()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(ClickExamples.Page(PageType.Product).With(c => (c.Device, c.Locale) = (Device.Mobile, Text(c, "de-CH"))));
        carts.Advance(SessionDriver.Minute);
        for (var i = 0; i < 3; i++)
        {
            carts.Advance(7_345);
            carts.Feed(click =>
            {
                click.Kind = ClickKind.ProductAdded;
                click.MessageId = 0x9E3779B97F4A7C15ul * (ulong)(i + 1);
                click.AddLine(new ClickLine(Text(click, $"10058{i}4471"), Text(click, $"Merino sweater blue {i}"), i + 1, 899_500 + i));
            });
        }
        carts.Feed(ClickExamples.Page(PageType.Cart));
        carts.Advance(45_000);
        Assert.Equal((3, 3, 2), (carts.Session.Lines.Count, carts.Session.Messages.Count, carts.Session.Counters.Span.Length));
        var bytes = carts.Encode().Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"A typical cart takes {bytes} B.");
        Assert.InRange(bytes, 100, 300);
    }

    [Fact]
    public void Fields_of_a_newer_release_are_kept_and_written_back()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        byte[] unknown = [OfAnotherRelease, 0x85, 0x01, 61 * 4 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 62 * 4 + 2, 3, 9, 9, 9];
        byte[] state = [.. carts.Encode(), .. unknown];
        carts.Restore(state);
        Assert.Equal(state, carts.Encode());
        carts.Feed(Add("sku-2"));
        carts.Restart();
        Assert.Equal(unknown, carts.Encode()[^unknown.Length..]);
        Assert.Equal(2, carts.Session.Lines.Count);
    }

    [Fact]
    public void Another_layout_is_refused_by_its_number()
    {
        Assert.Equal("A session's state has layout 2; this release reads layout 1.", Refused([2, 1, 1]));
        Refused([]);
    }

    [Fact]
    public void A_state_that_is_cut_off_anywhere_is_refused_or_is_a_whole_one()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(Add("sku-1", messageId: 3));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Advance(SessionDriver.Day);
        var state = carts.Encode();
        for (var length = 0; length < state.Length; length++)
        {
            ReadsOrRefuses(state[..length]);
        }
    }

    [Fact]
    public void Values_that_no_session_can_have_are_refused()
    {
        Refused(Field(Phase, Zigzag(7)));
        Refused(Field(Phase, Zigzag(-1)));
        Refused(Field(Phase, Zigzag(256)));
        Refused(Field(Page, Zigzag(7)));
        Refused(Field(Page, Zigzag(-3)));
        Refused(Field(Traits, Zigzag(64)));
        Refused(Field(Traits, Zigzag(3 << 4)));
        Refused(Field(Consents, Zigzag(3)));
        Refused(Field(Consents, Zigzag(256)));
        Refused(Field(Currency, Zigzag(1)));
        Refused(Field(Currency, Zigzag(-1)));
        Refused(Field(Currency, Zigzag(1L << 40)));
        Refused(Field(PageSince, Zigzag(long.MaxValue)));
        Refused(Field(PageSince, Zigzag(long.MinValue)));
        Refused(Field(DwellDone, Zigzag(-1)));
        Refused(Field(DwellDone, Zigzag(long.MaxValue)));
        Refused(Field(Episode, Zigzag(-1)));
        Refused(Field(Episode, Zigzag(1L << 32)));
        Refused(Field(StatedValue, Zigzag(long.MaxValue)));
        Refused(Field(Line, [4, 1, 65, 0, 0, 1])); // quantity 0
        Refused(Field(Line, [9, 1, 65, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1]));
        Refused(Field(Line, [14, 1, 65, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Refused(Field(Line, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Refused(Field(Messages, [3, 1, 2, 3]));
        Refused(Field(Counter, [6, 1, 1, 1, 1, 0, 100]));
        Refused(Field(Counter, [10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 1, 1, 0, 0]));
        Refused(Field(Pending, [2, 1, 1]));
        Refused(Field(CartId, [.. Varint(65_536), .. new byte[65_536]]));
        Refused(Field(CheckoutId, [.. Varint(65_536), .. new byte[65_536]]));
        Refused(Field(Withdrawn, [2, 0, 1]));
        Refused(Field(Withdrawn, [2, 5, 1]));
        Refused([1, .. Enumerable.Repeat((byte)0xFF, 11)]);
        Refused([1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0]);
        Refused(Field(OfAnotherRelease + 3, []));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else()
    {
        var garbage = ArbMap.Default.ArbFor<byte[]>();
        Checks.Run(Prop.ForAll(garbage, bytes => ReadsOrRefuses(bytes)), 2_000);
        Checks.Run(Prop.ForAll(garbage, bytes => ReadsOrRefuses([1, 2, 2, .. bytes])), 2_000);
    }

    [Fact]
    public void A_damaged_state_is_read_or_refused_and_the_session_then_runs_on()
    {
        var state = Typical();
        Checks.Run(Prop.ForAll(Gen.Choose(0, state.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, value) =>
        {
            var damaged = (byte[])state.Clone();
            damaged[at] = (byte)value;
            ReadsOrRefuses(damaged);
        }), 5_000);
    }

    private static byte[] Typical()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(Identify("a@b.c", "+41", "de"));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Feed(Add("sku-1", messageId: 77));
        carts.Feed(ClickExamples.Page(PageType.Cart));
        carts.Advance(4 * SessionDriver.Hour);
        return carts.Encode();
    }

    private static byte[] Field(byte tag, byte[] content) => [1, .. Varint(SessionDriver.StartMs), 0, tag, .. content];

    private static byte[] Zigzag(long value) => Varint((value << 1) ^ (value >> 63));

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            bytes.Add((byte)(rest | 0x80));
        }
        return [.. bytes, (byte)rest];
    }

    private static string Refused(byte[] state) =>
        Assert.Throws<InvalidDataException>(() => SessionCodec.Read(state, new CartSession([1]), new SessionMemory())).Message;

    /// <summary>What can be read must also be able to live: its deadlines, a wake, a click and an action's document.</summary>
    private static void ReadsOrRefuses(byte[] state)
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        try
        {
            carts.Restore(state);
        }
        catch (InvalidDataException)
        {
            return;
        }
        carts.Restart();
        carts.AdvanceTo(Math.Max(carts.NowMs, Math.Min(carts.Actor.NextDueMs(carts.Session), SessionDriver.StartMs * 2)));
        carts.Advance(40 * SessionDriver.Day);
        carts.Feed(CartViewed(("sku-9", 1, 1)));
        carts.Feed(Order("o-9"));
        carts.Decided.ForEach(a => ActionDocument.Write(a));
    }
}
