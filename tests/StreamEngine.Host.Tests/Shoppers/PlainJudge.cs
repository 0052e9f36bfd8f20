using System.Text.Json;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Shoppers;

/// <summary>
/// Goes through one visitor's clicks as they are delivered and finds out what becomes of the cart: slow, obvious, and without knowledge of the
/// scripts. It says wrong things about scripts that leave room for opinions: the figures must be the same whether a repeated or a late click
/// counts as activity, and whether a deadline runs from the delivery or from the time of the click.
/// </summary>
internal sealed class PlainJudge(ExpectedFigures options, bool isOldActivity, bool runsFromDelivery)
{
    private readonly Dictionary<string, (int Quantity, long PriceMinor)> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private bool _isOpen;
    private long _activeMs;
    private long _leftMs;
    private long _abandonedAtMs;
    private long _newestMs;

    public bool HadCart { get; private set; }
    public int Purchases { get; private set; }
    public int Abandonments { get; private set; }
    public long AbandonedMinor { get; private set; }
    public int Recoveries { get; private set; }
    public long RecoveredMinor { get; private set; }

    /// <summary>How near the scripts come to a deadline without reaching it, ms.</summary>
    public long MarginMs { get; private set; } = long.MaxValue;

    public void Judge(ReadClick click)
    {
        MaybeAbandon(click.TimeMs);
        var happenedMs = click.Timestamp.ToUnixTimeMilliseconds();
        var isRepeated = !_seen.Add(click.MessageId);
        var isOld = isRepeated || happenedMs < _newestMs;
        _newestMs = Math.Max(_newestMs, happenedMs);
        if (!isOld || isOldActivity)
        {
            _activeMs = runsFromDelivery ? click.TimeMs : Math.Max(_activeMs, happenedMs);
            _leftMs = 0;
        }
        if (isRepeated)
        {
            return;
        }
        switch (click.Name)
        {
            case "Product Added":
                AddLine(click.Properties);
                break;
            case "Product Removed":
                _lines.Remove(click.Properties.GetProperty("product_id").GetString()!);
                break;
            case "Cart Cleared":
                _lines.Clear();
                break;
            case "Cart Viewed" or "Checkout Started":
                TakeSnapshot(click.Properties.GetProperty("products"));
                break;
            case "Page Left":
                _leftMs = _activeMs;
                break;
            case "Order Completed":
                Order(click.Properties, click.TimeMs);
                return;
        }
        _isOpen = click.Name is "Product Added" or "Cart Viewed" or "Checkout Started" ? _lines.Count > 0 : _isOpen && _lines.Count > 0;
        HadCart |= _isOpen;
    }

    public void End() => MaybeAbandon(options.EndMs);

    private void MaybeAbandon(long nowMs)
    {
        if (!_isOpen)
        {
            return;
        }
        var dueMs = Math.Min(_activeMs + options.IdleAfterMs, _leftMs > 0 ? _leftMs + options.ExitAfterMs : long.MaxValue);
        MarginMs = Math.Min(MarginMs, Math.Abs(dueMs - nowMs));
        if (dueMs <= nowMs)
        {
            _isOpen = false;
            _abandonedAtMs = dueMs;
            Abandonments++;
            AbandonedMinor += _lines.Values.Sum(line => line.Quantity * line.PriceMinor);
        }
    }

    private void AddLine(JsonElement product)
    {
        var id = product.GetProperty("product_id").GetString()!;
        var quantity = product.GetProperty("quantity").GetInt32() + (_lines.TryGetValue(id, out var line) ? line.Quantity : 0);
        _lines[id] = (quantity, (long)(product.GetProperty("price").GetDecimal() * 100));
    }

    private void TakeSnapshot(JsonElement products)
    {
        var before = _lines.ToDictionary(StringComparer.Ordinal);
        _lines.Clear();
        foreach (var product in products.EnumerateArray())
        {
            AddLine(product);
        }
        // What was added one by one must be what the cart shows.
        Assert.Equal(before.OrderBy(line => line.Key, StringComparer.Ordinal), _lines.OrderBy(line => line.Key, StringComparer.Ordinal));
    }

    private void Order(JsonElement order, long nowMs)
    {
        var totalMinor = (long)(order.GetProperty("total").GetDecimal() * 100);
        Assert.Equal(_lines.Values.Sum(line => line.Quantity * line.PriceMinor), totalMinor);
        Purchases++;
        if (Abandonments > 0 && nowMs - _abandonedAtMs <= options.RecoveredWithinMs)
        {
            Recoveries++;
            RecoveredMinor += totalMinor;
        }
        _isOpen = false;
        _lines.Clear();
    }
}
