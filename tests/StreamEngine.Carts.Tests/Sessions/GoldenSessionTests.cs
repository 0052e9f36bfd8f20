using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>
/// The stored bytes of every released layout must be readable for ever. A file here is never changed: it is what some shard log holds.
/// A new layout, or a new field, gets a new file beside the old ones (session-vN-name.hex: 32 bytes a line) and a row in <see cref="Files"/>;
/// run the tests once with STREAMENGINE_WRITE_GOLDEN=1 to have it written where it is missing.
/// </summary>
public sealed class GoldenSessionTests
{
    private const long Start = SessionDriver.StartMs;

    public static TheoryData<string> Files => ["session-v1-browsing", "session-v1-carting", "session-v1-checkout", "session-v1-abandoned", "session-v1-bought", "session-v1-withdrawn"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_released_layout_is_read_and_written_as_it_was(string file)
    {
        var told = Story(file);
        var path = Path.Combine(Folder(), file + ".hex");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("STREAMENGINE_WRITE_GOLDEN") is "1")
        {
            File.WriteAllText(path, string.Concat(told.Encode().Chunk(32).Select(b => Convert.ToHexStringLower(b) + "\n")));
        }
        Assert.True(File.Exists(path), $"{path} is missing: a released layout must stay readable. For a new one see the comment above this test.");
        var stored = Convert.FromHexString(string.Concat(File.ReadLines(path)));

        var read = new SessionDriver(TacticExamples.Shipped(0));
        read.Restore(stored);
        Assert.Equal(Describe(told.Session), Describe(read.Session));
        Assert.Equal(stored, read.Encode());
    }

    [Fact]
    public void What_the_files_say_in_words()
    {
        var carting = Read("session-v1-carting");
        Assert.Equal((CartPhase.Carting, PageType.Cart, Device.Mobile, 9490L, "CHF"),
            (carting.Phase, carting.Page, carting.Device, carting.ValueMinor, carting.Currency.ToString()));
        Assert.Equal(["shirt x1 at 1990", "shoes x1 at 7500"], carting.Lines.Span.ToArray().Select(Line), StringComparer.Ordinal);
        Assert.True(carting.Messages.Contains(11) && carting.Messages.Contains(12));

        var checkout = Read("session-v1-checkout");
        Assert.Equal((CartPhase.Checkout, 12_000L, "SAVE5", "ch-1"), (checkout.Phase, checkout.ValueMinor, Text(checkout.Extras.Coupon), Text(checkout.Extras.CheckoutId.Span)));

        var abandoned = Read("session-v1-abandoned");
        Assert.Equal((CartPhase.Abandoned, 1, Start + 30 * SessionDriver.Minute, 3 * SessionDriver.Hour),
            (abandoned.Phase, abandoned.Episode, abandoned.AbandonedMs, abandoned.OffsetDoneMs));
        Assert.Equal((true, true, "de-CH", "Europe/Zurich"), (abandoned.HasEmail, abandoned.HasPhone, Text(abandoned.Locale), Text(abandoned.Extras.TimeZone)));
        Assert.Equal(ConsentState.Granted, abandoned.Consents[Channel.Sms]);
        Assert.Equal(abandoned.AbandonedMs + 3 * SessionDriver.Hour + 2 * SessionDriver.Minute, Assert.Single(abandoned.Extras.Pending.Span.ToArray()).NotBeforeMs);
        Assert.Equal(2, abandoned.Counters.Span.Length);

        // Remembered for the longest rolling window of the tactics.
        var bought = Read("session-v1-bought");
        Assert.Equal((CartPhase.Purchased, Hash64.Of("o-1"u8), Start, Start + 30 * SessionDriver.Day),
            (bought.Phase, bought.Extras.LastOrderId, bought.OrderEventMs, bought.RememberUntilMs));

        var withdrawals = Read("session-v1-withdrawn").Extras.Withdrawals;
        Assert.True(withdrawals.IsAfter(Channel.Sms, Start - 1) && !withdrawals.IsAfter(Channel.Sms, Start));
        Assert.True(withdrawals.IsAfter(Channel.Email, Start - SessionDriver.Minute - 1) && !withdrawals.IsAfter(Channel.Email, Start - SessionDriver.Minute));

        Assert.Equal((CartPhase.Browsing, PageType.Product, Start), (Read("session-v1-browsing").Phase, Read("session-v1-browsing").Page, Read("session-v1-browsing").StartedMs));
    }

    private static SessionDriver Story(string file)
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        switch (file)
        {
            case "session-v1-browsing":
                carts.Feed(Page(PageType.Product));
                break;
            case "session-v1-carting":
                carts.Feed(Page(PageType.Cart).With(c => c.Device = Device.Mobile));
                carts.Advance(1_500);
                carts.Feed(Add("shirt", 1, 19.90m, "CHF", 11));
                carts.Feed(Add("shoes", 1, 75, null, 12));
                break;
            case "session-v1-checkout":
                carts.Feed(Checkout(ClickKind.CheckoutStarted, 120, "USD", "ch-1"));
                carts.Feed(Coupon("SAVE5"));
                carts.Feed(PageLeft());
                break;
            case "session-v1-abandoned":
                carts.Feed(Identify("ann@example.com", "+41790000000", "de-CH", 3, 0, "Europe/Zurich"));
                carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
                carts.Feed(Add("shirt", 2, 19.90m, "CHF", 11));
                carts.AdvanceTo(Start + 30 * SessionDriver.Minute);
                carts.Advance(SessionDriver.Hour);
                carts.Advance(2 * SessionDriver.Hour);
                break;
            case "session-v1-bought":
                carts.Feed(Add("shirt", 2, 19.90m));
                carts.Feed(Order("o-1", 39.80m));
                break;
            case "session-v1-withdrawn":
                carts.Feed(Consent(Channel.Sms, ConsentState.Withdrawn));
                carts.FeedLate(Start - SessionDriver.Minute, Consent(Channel.Email, ConsentState.Withdrawn));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(file), file, "no story");
        }
        return carts;
    }

    private static CartSession Read(string file)
    {
        var carts = new SessionDriver();
        carts.Restore(Convert.FromHexString(string.Concat(File.ReadLines(Path.Combine(Folder(), file + ".hex")))));
        return carts.Session;
    }

    private static string Line(CartLine line) => $"{Text(line.Product)} x{line.Quantity} at {line.PriceMinor}";

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);

    /// <summary>Everything that is stored, in words that a failing test can show.</summary>
    private static string Describe(CartSession s) => string.Join('\n', [
        $"{s.Phase} {s.Page} {s.Device} {s.Segment} {s.Consents} email {s.HasEmail} phone {s.HasPhone} {s.Currency} stated {s.StatedValueMinor}",
        $"started {s.StartedMs} active {s.LastActivityMs} event {s.LastEventMs} page {s.PageSinceMs} dwell {s.DwellDoneMs} exit {s.ExitDueMs}",
        $"abandoned {s.AbandonedMs} offset {s.OffsetDoneMs} episode {s.Episode} snapshot {s.SnapshotEventMs} cart {s.CartEventMs}",
        $"order {s.OrderEventMs} {s.Extras.LastOrderId} bought {s.Extras.BoughtHash} until {s.RememberUntilMs} throttle {Math.Max(s.ThrottleUs / 1000, s.LastActivityMs)}",
        .. s.Lines.Span.ToArray().Select(l => $"line {Line(l)} '{Text(l.Name)}'"),
        .. s.Counters.Span.ToArray().Select(c => $"counter {c.Tactic} {c.Decisions} {c.InCart} {c.InSession} {c.HeldInCart} [{string.Join(' ', c.WindowMs ?? [])}]"),
        $"{Text(s.Extras.CartId.Span)} {Text(s.Extras.CheckoutId.Span)} {Text(s.Extras.Coupon)} {Text(s.Locale)} {Text(s.Extras.TimeZone)}",
        .. s.Extras.Pending.Span.ToArray().Select(p => $"pending {p.Id} {p.NotBeforeMs}"),
    ]);

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamEngine.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "StreamEngine.Carts.Tests", "Sessions", "Golden");
            }
        }
        throw new DirectoryNotFoundException($"No StreamEngine.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
