using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Shoppers;

/// <summary>
/// What networks do to a script: clicks that are delivered twice, clicks that are delivered late. Placed so that an engine that treats them
/// as it should comes to the script's outcome all the same.
/// </summary>
internal sealed class Disturbances(ShopperOptions options, Rhythm rhythm)
{
    private const long DuplicateSoonMsMax = 3_000;

    private readonly List<Step> _duplicates = [];

    public void Apply(List<Step> steps, ref SeededRandom random)
    {
        if (options.DuplicateShare == 0 && options.LateShare == 0)
        {
            return;
        }
        _duplicates.Clear();
        var changed = false;
        for (var i = 0; i < steps.Count; i++)
        {
            // The draws are made for every step: what one step gets does not depend on its neighbours.
            var (isLate, isDuplicate) = (random.Chance(options.LateShare), random.Chance(options.DuplicateShare));
            if (isLate && MayBeLate(steps, i))
            {
                Delay(steps, i, rhythm.Late(ref random));
                changed = true;
            }
            else if (isDuplicate)
            {
                MaybeRepeat(steps, i, ref random);
            }
        }
        if (changed || _duplicates.Count > 0)
        {
            steps.AddRange(_duplicates);
            Sort(steps);
        }
    }

    /// <summary>
    /// Only clicks that change no cart, with another two behind them in the same visit, so that neither the end of a visit nor a Page Left moves.
    /// Two in a row are never late: the silence would become too long.
    /// </summary>
    private static bool MayBeLate(List<Step> steps, int i) =>
        i > 0 && i + 2 < steps.Count
        && IsBrowsing(steps[i].Kind) && steps[i].Page is not (PageType.Cart or PageType.Checkout)
        && steps[i - 1].AgeMs == 0 && steps[i - 1].Kind != ClickKind.PageLeft
        && steps[i + 1].Kind != ClickKind.PageLeft && steps[i + 2].Kind != ClickKind.PageLeft
        && !IsReturn(steps, i) && !IsReturn(steps, i + 1) && !IsReturn(steps, i + 2);

    /// <summary>Behind the next step, but before the one after it.</summary>
    private static void Delay(List<Step> steps, int i, long lateMs)
    {
        var late = steps[i];
        var delivered = Math.Min(steps[i + 1].DeliveredMs + lateMs, steps[i + 2].DeliveredMs - 1);
        if (delivered <= steps[i + 1].DeliveredMs)
        {
            return;
        }
        late.AgeMs = (int)(delivered - late.DeliveredMs);
        late.DeliveredMs = delivered;
        steps[i] = late;
    }

    private void MaybeRepeat(List<Step> steps, int i, ref SeededRandom random)
    {
        var original = steps[i];
        var sinceMs = original.DeliveredMs;
        var (untilMs, waitMsMax) = (long.MaxValue, Math.Min(DuplicateSoonMsMax, rhythm.DuplicateMsMax));
        if (original.Kind == ClickKind.ProductAdded)
        {
            waitMsMax = rhythm.DuplicateMsMax;
            untilMs = NextTurnMs(steps, i);
        }
        else if (i + 1 < steps.Count)
        {
            untilMs = steps[i + 1].HappenedMs;
        }
        var delayMs = random.Between(20, Math.Min(waitMsMax, untilMs - sinceMs - 1));
        if (sinceMs + delayMs >= untilMs)
        {
            return;
        }
        original.IsDuplicate = true;
        original.DeliveredMs += delayMs;
        original.AgeMs += (int)delayMs;
        _duplicates.Add(original);
    }

    /// <summary>
    /// A second Product Added may come behind further clicks, but before the cart is left, emptied or bought: at most a few messages later,
    /// within what an engine remembers.
    /// </summary>
    private static long NextTurnMs(List<Step> steps, int i)
    {
        for (var k = i + 1; k < steps.Count; k++)
        {
            if (steps[k].Kind is ClickKind.ProductRemoved or ClickKind.CartCleared or ClickKind.CartViewed or ClickKind.OrderCompleted or ClickKind.PageLeft
                || IsReturn(steps, k) || k == i + 8)
            {
                // The page call of a cart comes before its Cart Viewed: stay before both.
                return steps[k - 1].Page == PageType.Cart && k - 1 > i ? steps[k - 1].HappenedMs : steps[k].HappenedMs;
            }
        }
        return steps[^1].DeliveredMs;
    }

    private static bool IsReturn(List<Step> steps, int i) => i > 0 && steps[i].Kind == ClickKind.Page && steps[i].Page == PageType.Home;

    private static bool IsBrowsing(ClickKind kind) =>
        kind is ClickKind.Page or ClickKind.ProductViewed or ClickKind.ProductListViewed or ClickKind.ProductsSearched or ClickKind.ProductAddedToWishlist;

    /// <summary>Insertion sort: the list is almost sorted, and equal times must keep their order.</summary>
    private static void Sort(List<Step> steps)
    {
        for (var i = 1; i < steps.Count; i++)
        {
            var step = steps[i];
            var k = i - 1;
            for (; k >= 0 && steps[k].DeliveredMs > step.DeliveredMs; k--)
            {
                steps[k + 1] = steps[k];
            }
            steps[k + 1] = step;
        }
    }
}
