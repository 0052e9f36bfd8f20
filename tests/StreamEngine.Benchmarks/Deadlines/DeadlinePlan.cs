using System.Globalization;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Deadlines;

/// <summary>Carts with a deadline half an hour away each; and clicks of their owners, some of whom come to the cart page and are to be asked five seconds later.</summary>
/// <param name="Sessions">Carts, each with a deadline that is armed.</param>
/// <param name="Rate">Clicks a second, open loop.</param>
/// <param name="Seconds">For how long.</param>
public sealed record DeadlinePlan(int Sessions, int Rate, int Seconds, int Workers)
{
    public const int Partitions = 8;

    /// <summary>One click in so many is a visit of the cart page.</summary>
    public const int CartPageOneIn = 10;

    public const long DwellMs = 5_000;

    /// <summary>The first ones are not measured: until then compilers work.</summary>
    private const int WarmUpSeconds = 5;

    public static TacticSet Tactics { get; } = TacticSet.Compile(
        TacticExamples.Set(TacticExamples.Dwell("cart-chat", PageType.Cart, DwellMs) with { Limits = new Limits(PerCart: 1) }), Currency.Parse("EUR"));

    public int Clicks => Rate * Seconds;

    /// <summary>Deadlines that fire, one for each visit of the cart page.</summary>
    public int Prompts => (Clicks + CartPageOneIn - 1) / CartPageOneIn;

    /// <summary>Of these, not measured.</summary>
    public int PromptsOfWarmUp => Math.Min(Prompts / 2, Rate * WarmUpSeconds / CartPageOneIn);

    public static byte[] Key(int visitor) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"9cbc525f-737e-48c8-a83b-{visitor:x12}"));

    /// <summary>Who makes a click. Owners of the first carts visit the cart page, once each; the other clicks are of the others, in an order that no cache foresees.</summary>
    public (int Visitor, bool IsOnCartPage) At(int click) => click % CartPageOneIn == 0
        ? (click / CartPageOneIn, true)
        : (Prompts + (int)((click * 2_654_435_761L) % (Sessions - Prompts)), false);
}
