using System.Globalization;
using System.Text;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Shops;

/// <summary>How a shop's visitors are drawn.</summary>
/// <param name="GapUnitMs">Gaps between a visitor's clicks are multiples of it: 1 where clicks may come at any distance from a deadline.</param>
public sealed record ShopOptions(int Visitors, int Browsers, int Hot, double PoisonShare, double DuplicateShare, double LateShare, double SkipShare, long EndMs, long GapUnitMs);

/// <summary>
/// Draws the visitors' clicks. Everybody but the browsers begins every visit with something that is remembered, so that no crash forgets anybody. Each visitor has milliseconds of
/// an own: by its due time alone a decision is known to be his.
/// </summary>
public sealed class ShopWriter(Random random, ShopOptions options)
{
    public const string BrowserPrefix = "browser-";

    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private static readonly string[] Products = ["shoe", "hat", "coat", "ring", "watch"];
    private static readonly decimal[] Prices = [4.99m, 20, 120, 300, 700];
    private static readonly string[] Pages = ["Home", "Cart", "Checkout", "Cart"];
    private static readonly long[] Boundaries = [45 * Second, 46 * Second, 44 * Second, 5 * Minute, 5 * Minute + Second, 30 * Minute, 30 * Minute - Second, Hour, 90 * Minute, 2 * Hour, 3 * Hour + 30 * Minute];

    private readonly List<ShopClick> _clicks = [];
    private byte[] _key = [];
    private long _nowMs;
    private int _messages;
    private int _orders;

    public ShopStory Write()
    {
        for (var i = 0; i < options.Visitors; i++)
        {
            Visit(string.Create(CultureInfo.InvariantCulture, $"v-{i}"), i, isHot: i < options.Hot);
        }
        for (var i = 0; i < options.Browsers; i++)
        {
            Browse(string.Create(CultureInfo.InvariantCulture, $"{BrowserPrefix}{i}"), options.Visitors + i);
        }
        var number = 0;
        return new ShopStory([.. _clicks.Select(click => (Click: click, Number: number++)).OrderBy(c => c.Click.AtMs).ThenBy(c => c.Number).Select(c => c.Click)],
            options.Visitors, options.Browsers, options.EndMs, Math.Max(Second, options.GapUnitMs));
    }

    private void Visit(string visitor, int number, bool isHot)
    {
        Begin(visitor, number);
        for (var visits = random.Next(1, 4); visits > 0 && _nowMs < options.EndMs; visits--)
        {
            Identify();
            if (random.Next(3) > 0)
            {
                Pass(Gap(1, 20));
                AddSomething();
            }
            for (var acts = random.Next(2, 9); acts > 0; acts--)
            {
                var gapMs = DrawGap();
                Pass(gapMs);
                if (gapMs >= 25 * Minute)
                {
                    Identify();
                    Pass(Gap(1, 3));
                }
                Act();
            }
            if (isHot)
            {
                Pass(Gap(5, 100));
                Rush();
            }
            Pass(random.NextInt64(options.EndMs - World.StartMs) / 4 / options.GapUnitMs * options.GapUnitMs);
        }
    }

    /// <summary>Lives in memory only.</summary>
    private void Browse(string visitor, int number)
    {
        Begin(visitor, number);
        for (var acts = random.Next(1, 12); acts > 0; acts--)
        {
            Say(ClickJson.Page(random.Next(2) == 0 ? "Home" : "Product"));
            Pass(Gap(2, 90));
        }
    }

    private void Begin(string visitor, int number)
    {
        _key = Encoding.UTF8.GetBytes(visitor);
        _nowMs = World.StartMs + random.NextInt64((options.EndMs - World.StartMs) * 9 / 10) / options.GapUnitMs * options.GapUnitMs + number;
    }

    private long Gap(int secondsMin, int secondsMax) => Math.Max(options.GapUnitMs, random.Next(secondsMin, secondsMax + 1) * Second / options.GapUnitMs * options.GapUnitMs);

    private long DrawGap() => random.Next(20) switch
    {
        < 10 => Gap(1, 60),
        < 14 when options.GapUnitMs == Second => Boundaries[random.Next(Boundaries.Length)],
        < 17 => Gap(60, 1_500),
        < 19 => Gap(1_500, 8_000),
        _ => Gap(8_000, 40_000),
    };

    private void Pass(long ms) => _nowMs += ms;

    private void Identify() => Say(random.Next(2) == 0 ? ClickJson.Identify(Encoding.UTF8.GetString(_key) + "@example.org") : ClickJson.Consent("sms", "granted"));

    private void Act()
    {
        switch (random.Next(16))
        {
            case 0 or 1 or 2:
                AddSomething();
                break;
            case 3 or 4 or 5:
                Say(ClickJson.Page(Pages[random.Next(Pages.Length)]));
                break;
            case 6:
                Say(ClickJson.Track("Exit Intent Detected", string.Create(CultureInfo.InvariantCulture, $"{{\"confidence\":{random.Next(1, 10) / 10.0}}}"), Message()));
                break;
            case 7:
                Say(ClickJson.Track("Coupon Denied", "{\"coupon_id\":\"X\"}", Message()));
                break;
            case 8 or 9:
                Say(ClickJson.Track("Page Left"));
                break;
            case 10 or 11:
                Buy();
                break;
            case 12:
                Say(ClickJson.Track("Product Removed", $"{{\"product_id\":\"{Products[random.Next(Products.Length)]}\"}}", Message()));
                break;
            case 13:
                Say(ClickJson.Track("Checkout Started"));
                break;
            case 14:
                Say(ClickJson.Consent("sms", random.Next(2) == 0 ? "withdrawn" : "granted"));
                break;
            default:
                Say(ClickJson.Track("Cart Viewed"));
                break;
        }
    }

    private void AddSomething()
    {
        var product = random.Next(Products.Length);
        var isLate = random.NextDouble() < options.LateShare;
        Say(ClickJson.ProductAdded(Products[product], Prices[product], Message(), isLate ? _nowMs - random.Next(1_000, 600_000) : 0));
    }

    /// <summary>No two orders have one number: the second of them would be the first once more, and close no cart.</summary>
    private void Buy() => Say(ClickJson.OrderCompleted(string.Create(CultureInfo.InvariantCulture, $"o-{random.Next(10_000)}-{_orders++}"), random.Next(5, 800)));

    /// <summary>
    /// More clicks than one visitor may make; a purchase among them counts all the same. How many were throttled is not written with the session, so a click that the throttle lets
    /// pass for certain closes the rush.
    /// </summary>
    private void Rush()
    {
        var purchaseAt = random.Next(2) == 0 ? random.Next(210, 280) : -1;
        for (var i = 0; i < 280; i++)
        {
            _nowMs += 10;
            if (i == purchaseAt)
            {
                Buy();
            }
            else
            {
                Say(ClickJson.Page("Home"), isPlain: true);
            }
        }
        _nowMs -= 2_800;
        Pass(Gap(25, 60));
        Say(ClickJson.Page("Cart"), isPlain: true);
    }

    private string Message() => string.Create(CultureInfo.InvariantCulture, $"m{++_messages}");

    private void Say(byte[] value, bool isPlain = false)
    {
        if (_nowMs >= options.EndMs)
        {
            return;
        }
        Add(value);
        if (isPlain)
        {
            return;
        }
        if (random.NextDouble() < options.DuplicateShare)
        {
            _nowMs += Gap(1, 3);
            Add(value);
        }
        if (random.NextDouble() < options.PoisonShare)
        {
            Add(Poison());
        }
    }

    private void Add(byte[] value) => _clicks.Add(new ShopClick(
        _nowMs, (int)(Carts.Hash64.Of(_key) % Cluster.Shards), _key, value, random.NextDouble() < options.SkipShare ? random.Next(1, 4) : 0));

    private byte[] Poison() => random.Next(5) switch
    {
        0 => "{\"type\":\"track\",\"event\":"u8.ToArray(),
        1 => [],
        2 => "[1,2]"u8.ToArray(),
        3 => "{\"type\":\"track\"}"u8.ToArray(),
        _ => ClickJson.Track("Product Added", "{\"product_id\":\"x\",\"price\":\"a lot\"}"),
    };
}
