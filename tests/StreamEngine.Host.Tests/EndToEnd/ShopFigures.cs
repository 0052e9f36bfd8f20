using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Shoppers;
using StreamEngine.Storage;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>What became of the carts: as the shoppers planned it, or as an engine found it.</summary>
internal sealed record ShopFigures(long Purchases, long Abandoned, long AbandonedMinor, long Recovered, long RecoveredMinor)
{
    private const string Currency = "EUR";

    public static ShopFigures Planned(ExpectedFigures planned) => new(
        planned.Purchases, planned.CartsAbandoned, planned.AbandonedValueMinor[Currency], planned.CartsRecovered, planned.RecoveredValueMinor[Currency]);

    /// <summary>Second deliveries of clicks that would do harm; the others change nothing, and nobody looks for them.</summary>
    public static long NoticedDuplicates(ExpectedFigures planned) =>
        new[] { ClickKind.ProductAdded, ClickKind.ProductRemoved, ClickKind.ChatMessageReceived, ClickKind.OrderCompleted, ClickKind.ExitIntentDetected }.Sum(kind => planned.DuplicatesByKind.GetValueOrDefault(kind.ToString()));

    public static ShopFigures Found(StoreSummary store)
    {
        return new ShopFigures(
            Sum("orders", ""), Sum("carts_abandoned", ""), Sum("value_abandoned", Currency), Sum("carts_recovered", ""), Sum("value_recovered", Currency));

        long Sum(string metric, string currency) =>
            store.Kpis.Where(kpi => (kpi.Metric, kpi.Currency) == (metric, currency)).Sum(static kpi => kpi.Amount);
    }
}
