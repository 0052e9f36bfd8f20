using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>A story out of a seed: 5 to 30 visitors, a few hours, and some of the tactics.</summary>
internal static class RandomStory
{
    private static readonly string[] Products = ["shoe", "hat", "coat", "ring", "watch"];
    private static readonly decimal[] Prices = [4.99m, 20, 120, 300, 700];
    private static readonly string[] Pages = ["Home", "Cart", "Checkout", "Cart"];

    public static Story Write(Random random)
    {
        var builder = new StoryBuilder();
        List<string> present = [];
        var left = random.Next(5, 31);
        var visitors = 0;
        for (var clicks = random.Next(3, 6) * left; clicks > 0; clicks--)
        {
            Pause(builder, random);
            if (left > 0 && (present.Count == 0 || random.Next(3) == 0))
            {
                left--;
                present.Add($"v{++visitors}");
                Arrives(builder, present[^1], random);
                continue;
            }
            Acts(builder, present[random.Next(present.Count)], random);
        }
        return builder.End(Choose(random), hours: 5);
    }

    private static TacticsDefinition Choose(Random random)
    {
        List<Tactic> chosen = [.. StoryTactics.All.Where(_ => random.Next(4) > 0)];
        return TacticExamples.Set([.. chosen.Select(tactic => tactic with { Instead = [.. tactic.Instead.Where(name => chosen.Select(other => other.Name).Contains(name, StringComparer.Ordinal))] })]) with
        {
            HoldOutPercent = random.Next(3) * 15,
        };
    }

    private static void Pause(StoryBuilder builder, Random random) => builder.WaitMs(random.Next(10) switch
    {
        < 4 => random.Next(1, 2_000),
        < 8 => random.Next(1_000, 90_000),
        8 => random.Next(60_000, 700_000),
        _ => random.Next(600_000, 2_400_000),
    });

    /// <summary>Who only browses, or has emptied the cart, is not written, so a crash may forget them: every visitor begins with something that is remembered.</summary>
    private static void Arrives(StoryBuilder builder, string visitor, Random random)
    {
        if (random.Next(2) == 0)
        {
            builder.Identifies(visitor);
        }
        else
        {
            builder.Consents(visitor, "sms");
        }
        if (random.Next(3) > 0)
        {
            AddsSomething(builder, visitor, random);
        }
    }

    private static void Acts(StoryBuilder builder, string visitor, Random random)
    {
        switch (random.Next(14))
        {
            case 0 or 1 or 2:
                AddsSomething(builder, visitor, random);
                break;
            case 3 or 4 or 5:
                builder.Page(visitor, Pages[random.Next(Pages.Length)]);
                break;
            case 6:
                builder.ExitIntent(visitor, random.Next(1, 10) / 10.0);
                break;
            case 7:
                builder.Does(visitor, "Coupon Denied", "{\"coupon_id\":\"X\"}");
                break;
            case 8:
                builder.Leaves(visitor);
                break;
            case 9 or 10:
                builder.Buys(visitor, $"o-{random.Next(40)}", random.Next(5, 800));
                break;
            case 11:
                builder.Does(visitor, "Product Removed", $"{{\"product_id\":\"{Products[random.Next(Products.Length)]}\"}}");
                break;
            case 12:
                builder.Again();
                break;
            default:
                builder.Raw(visitor, random.Next(2) == 0 ? "{\"type\":"u8.ToArray() : ClickJson.Page("Home"), skip: random.Next(4));
                break;
        }
    }

    private static void AddsSomething(StoryBuilder builder, string visitor, Random random)
    {
        var product = random.Next(Products.Length);
        builder.Add(visitor, Products[product], Prices[product]);
    }
}
