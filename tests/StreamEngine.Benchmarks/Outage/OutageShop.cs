using System.Globalization;
using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>
/// The shoppers: each leaves a cart within <see cref="ArriveMs"/>, one in ten on the cart page; then the engine is down, and one in three buys before any
/// deadline is due.
/// </summary>
public static class OutageShop
{
    public const string Email = "email-1h";
    public const string CartChat = "cart-chat";
    public const long ArriveMs = 40_000;
    private const long BuyAfterMs = 20 * 60_000;

    private static readonly byte[] Added = ClickJson.ProductAdded("shoe", 50);
    private static readonly byte[] CartPage = ClickJson.Page("cart");
    private static readonly byte[] Bought = ClickJson.OrderCompleted("order-1", 50);

    /// <summary>Nobody is held out, and an e-mail is of use for a week: all that is overdue goes, but for the chat prompts.</summary>
    public static TacticSet Tactics { get; } = TacticSet.Compile(
        TacticExamples.Set(
            TacticExamples.ExitIntent("stay"),
            TacticExamples.Dwell(CartChat, PageType.Cart, 45_000) with { If = Conditions.None with { Phases = [CartPhase.Carting] }, ExpiresMs = 30_000 },
            TacticExamples.Abandoned(Email, 3_600_000) with { Limits = new Limits(PerCart: 1), ExpiresMs = 7 * 24 * 3_600_000L },
            TacticExamples.Abandoned("sms-3h", 3 * 3_600_000, ActionKind.SmsReminder) with { If = Conditions.None with { Consent = [Channel.Sms] } }),
        Currency.Parse("EUR"));

    public static bool Buys(int visitor) => visitor % 3 == 0;

    public static bool IsOnCartPage(int visitor) => visitor % 10 == 1;

    /// <returns>-1 where the key is not one of theirs.</returns>
    public static int VisitorOf(ReadOnlySpan<byte> key) =>
        key.Length > 1 && key[0] == 'v' && int.TryParse(key[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var visitor) ? visitor : -1;

    public static long Arrive(ClickProducer producer, int sessions, long startMs)
    {
        var clicks = 0L;
        for (var i = 0; i < sessions; i++)
        {
            var atMs = startMs + i * ArriveMs / sessions;
            Produce(producer, i, Added, atMs);
            clicks++;
            if (IsOnCartPage(i))
            {
                Produce(producer, i, CartPage, atMs);
                clicks++;
            }
        }
        Flush(producer);
        return clicks;
    }

    public static long Buy(ClickProducer producer, int sessions, long startMs)
    {
        var clicks = 0L;
        for (var i = 0; i < sessions; i++)
        {
            if (Buys(i))
            {
                Produce(producer, i, Bought, startMs + BuyAfterMs + i * ArriveMs / sessions);
                clicks++;
            }
        }
        Flush(producer);
        return clicks;
    }

    private static void Produce(ClickProducer producer, int visitor, byte[] value, long atMs)
    {
        var key = System.Text.Encoding.UTF8.GetBytes("v" + visitor.ToString(CultureInfo.InvariantCulture));
        while (!producer.TryProduce(key, value, atMs))
        {
            producer.WaitForRoom(TimeSpan.FromMilliseconds(100));
        }
    }

    private static void Flush(ClickProducer producer)
    {
        if (!producer.Flush(TimeSpan.FromMinutes(2)) || producer.Failed > 0)
        {
            throw new InvalidOperationException($"The broker did not take all clicks: {producer.LastError ?? "it did not answer within two minutes"}.");
        }
    }
}
