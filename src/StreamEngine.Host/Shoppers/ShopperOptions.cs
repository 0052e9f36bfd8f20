using StreamEngine.Carts.Sessions;

namespace StreamEngine.Host.Shoppers;

/// <summary>What kind of shop the generator plays. Shares are from 0 to 1. Defaults are near what recorded shops show.</summary>
public sealed record ShopperOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>How many visitors come; null: they never end.</summary>
    public long? Shoppers { get; init; } = 10_000;

    /// <summary>Of the stream in its own time. New visitors come as often as it takes; when the last has come, the rate falls.</summary>
    public double ClicksPerSecond { get; init; } = 2_000;

    /// <summary>Time of the first click, Unix ms. Default 2026-01-05 09:00 UTC, a Monday.</summary>
    public long StartMs { get; init; } = 1_767_603_600_000;

    /// <summary>Visitors that put something into a cart. Measured: 0.02 to 0.10 (0.5 in a demo shop).</summary>
    public double CartShare { get; init; } = 0.10;

    /// <summary>Carts that are bought in the same visit. With those that return it makes the share of carts that end in purchase, measured 0.35 to 0.55.</summary>
    public double BuyShare { get; init; } = 0.42;

    /// <summary>Carts that their owner empties again.</summary>
    public double EmptyShare { get; init; } = 0.04;

    /// <summary>Of the carts that were left: the owner comes back after the abandonment and buys.</summary>
    public double ReturnAndBuyShare { get; init; } = 0.12;

    /// <summary>Of the carts that were left: the owner comes back, adds something and leaves again.</summary>
    public double ReturnAndLeaveShare { get; init; } = 0.06;

    /// <summary>Clicks that are delivered twice with the same message id.</summary>
    public double DuplicateShare { get; init; } = 0.002;

    /// <summary>Clicks on pages and products that are delivered behind clicks that happened later. Fewer come late in the end: not near the end of a visit, not two in a row.</summary>
    public double LateShare { get; init; } = 0.003;

    /// <summary>Visits that end, or pause, with a Page Left.</summary>
    public double PageLeftShare { get; init; } = 0.5;

    /// <summary>Carts that show an exit intent before they are left; of other visits a tenth of it.</summary>
    public double ExitIntentShare { get; init; } = 0.3;

    /// <summary>Visitors with a cart that tell an e-mail address and a phone number; of other visitors a tenth of it.</summary>
    public double IdentifyShare { get; init; } = 0.4;

    /// <summary>Of those: consent to e-mails.</summary>
    public double EmailConsentShare { get; init; } = 0.7;

    /// <summary>Of those: consent to text messages.</summary>
    public double SmsConsentShare { get; init; } = 0.4;

    /// <summary>Visitors with a cart that write a chat message.</summary>
    public double ChatShare { get; init; } = 0.05;

    /// <summary>Stillness at the end of a finite stream, so that every deadline is due before it ends. At least idle and exit time are added to it.</summary>
    public long RunOnMs { get; init; } = 2 * 3_600_000L;

    /// <summary>The sessions that the scripts are written for: what is an abandonment, and its currency, depends on them.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <exception cref="ArgumentException">Something is out of range; the message names it.</exception>
    public void Validate()
    {
        CheckShare(nameof(CartShare), CartShare);
        CheckShare(nameof(BuyShare), BuyShare);
        CheckShare(nameof(EmptyShare), EmptyShare);
        CheckShare("BuyShare and EmptyShare together", BuyShare + EmptyShare);
        CheckShare(nameof(ReturnAndBuyShare), ReturnAndBuyShare);
        CheckShare(nameof(ReturnAndLeaveShare), ReturnAndLeaveShare);
        CheckShare("ReturnAndBuyShare and ReturnAndLeaveShare together", ReturnAndBuyShare + ReturnAndLeaveShare);
        CheckShare(nameof(DuplicateShare), DuplicateShare);
        CheckShare(nameof(LateShare), LateShare);
        CheckShare(nameof(PageLeftShare), PageLeftShare);
        CheckShare(nameof(ExitIntentShare), ExitIntentShare);
        CheckShare(nameof(IdentifyShare), IdentifyShare);
        CheckShare(nameof(EmailConsentShare), EmailConsentShare);
        CheckShare(nameof(SmsConsentShare), SmsConsentShare);
        CheckShare(nameof(ChatShare), ChatShare);
        Check(Shoppers is null or > 0, $"Shoppers is {Shoppers}: it must be 1 or more, or left out for a stream without end.");
        Check(ClicksPerSecond is >= 0.001 and <= 1_000_000, $"ClicksPerSecond is {ClicksPerSecond}: it must be between 0.001 and 1000000.");
        Check(StartMs >= 0, $"StartMs is {StartMs}: it must not lie before 1970.");
        Check(RunOnMs >= 0, $"RunOnMs is {RunOnMs}: it must be 0 or more.");
        Check(Sessions.IdleAfterMs >= 10_000, $"IdleAfterMs is {Sessions.IdleAfterMs}: scripted shoppers need 10 s or more.");
        Check(Sessions.ExitAfterMs >= 4_000, $"ExitAfterMs is {Sessions.ExitAfterMs}: scripted shoppers need 4 s or more.");
        Check(
            ReturnAndBuyShare == 0 || Sessions.RecoveredWithinMs >= 20 * Rhythm.ReturnAfterMs(Sessions),
            $"RecoveredWithinMs is {Sessions.RecoveredWithinMs}: shoppers who return and buy need {20 * Rhythm.ReturnAfterMs(Sessions)} ms or more; or set ReturnAndBuyShare to 0.");
    }

    private static void CheckShare(string name, double share) => Check(share is >= 0 and <= 1, $"{name} is {share}: a share must be between 0 and 1.");

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
