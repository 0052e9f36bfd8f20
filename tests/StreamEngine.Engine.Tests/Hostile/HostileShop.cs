using System.Globalization;
using System.Text;
using StreamEngine.Engine.Outlets;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Hostile;

/// <summary>A quiet hour of a shop, played with or without records that nobody asked for between its clicks.</summary>
internal sealed class HostileShop : IDisposable
{
    private const int Visitors = 40;
    private const int Minutes = 60;
    private const int Shards = 2;

    private readonly List<(int Shard, long Offset, HostileClick Click)> _hostile = [];
    private readonly bool _isLogAppendTime;

    public HostileShop(bool isLogAppendTime, EngineOptions? engine = null)
    {
        _isLogAppendTime = isLogAppendTime;
        Driver = new ShardDriver(new DriverOptions
        {
            Shards = Shards,
            Engine = engine ?? new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 },
        });
    }

    public ShardDriver Driver { get; }

    /// <summary>Records without a dead letter.</summary>
    public IReadOnlyList<(int Shard, long Offset, HostileClick Click)> Hostile => _hostile;

    /// <summary>What was decided for the visitors of the shop, with all that others are told of it.</summary>
    public IReadOnlyList<string> Decisions => [.. Driver.Rows
        .Where(static row => !row.Visitor.ToString().StartsWith(HostileClicks.Prefix, StringComparison.Ordinal))
        .OrderBy(static row => row.DueMs).ThenBy(static row => row.Id.ToString(), StringComparer.Ordinal)
        .Select(static row => $"{row.DueMs} {row.Visitor} {row.Tactic} {row.Held} {row.Id} {Encoding.UTF8.GetString(row.Data.Span)}")];

    /// <summary>Half the visitors fill carts; some of these buy, at once or after an hour; the others only look.</summary>
    /// <param name="hostile">What comes before the shop's click of this number; null for nothing.</param>
    public HostileShop Play(Func<int, IEnumerable<HostileClick>>? hostile = null, bool settles = true)
    {
        var number = 0;
        for (var minute = 0; minute < Minutes; minute++)
        {
            for (var visitor = 0; visitor < Visitors; visitor++)
            {
                if (Click(visitor, minute) is not { } value)
                {
                    continue;
                }
                foreach (var click in hostile?.Invoke(number) ?? [])
                {
                    Append(visitor % Shards, click);
                }
                number++;
                Driver.FeedAt($"visitor-{visitor}", value, Driver.Time.NowMs, _isLogAppendTime, visitor % Shards);
            }
            Pass(60_000, settles);
        }
        return this;
    }

    /// <summary>Lets the carts that were left have their reminders.</summary>
    public HostileShop End()
    {
        Driver.Advance(4 * TestTactics.HourMs, stepMs: 30_000);
        return this;
    }

    /// <summary>Dead letters as "partition offset reason", in order.</summary>
    public IReadOnlyList<string> Letters => [.. Driver.Dead.Select(static letter => $"{Header(letter, "partition")} {Header(letter, "offset"):D6} {Header(letter, "reason")}")
        .Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> ExpectedLetters => [.. _hostile.Where(static h => h.Click.Reason is not null)
        .Select(static h => string.Create(CultureInfo.InvariantCulture, $"{h.Shard} {h.Offset} {h.Click.Reason}")).Order(StringComparer.Ordinal)];

    public static string Header(OutgoingMessage message, string name) => message.Headers.Single(h => string.Equals(h.Key, name, StringComparison.Ordinal)).Value.ToString();

    public void Dispose() => Driver.Dispose();

    private static byte[]? Click(int visitor, int minute)
    {
        var step = minute - visitor % 7;
        return (visitor % 4, step) switch
        {
            (_, 0) => ClickJson.Page("home"),
            (0, 1) => ClickJson.Page("product"),
            (0, 3) => ClickJson.Page("listing"),
            (1 or 2, 1) => ClickJson.ProductAdded($"sku-{visitor}", 20 + visitor, $"m-{visitor}"),
            (1 or 2, 2) => ClickJson.Page("cart"),
            (2, 4) => ClickJson.Track("Checkout Started"),
            (2, 6) when visitor % 3 == 0 => ClickJson.OrderCompleted($"o-{visitor}", 20 + visitor),
            (2, 45) when visitor % 3 == 1 => ClickJson.OrderCompleted($"o-{visitor}", 20 + visitor),
            (3, > 0 and < 50) when step % 9 == 0 => ClickJson.Page("product"),
            _ => null,
        };
    }

    private void Append(int shard, HostileClick click)
    {
        var timestampMs = click.TimestampMs != 0 ? click.TimestampMs : Driver.Time.NowMs;
        var offset = Driver.Topic.Append(shard, click.Key, click.Value, timestampMs, _isLogAppendTime && click.TimestampMs == 0);
        _hostile.Add((shard, offset, click));
    }

    private void Pass(long ms, bool settles)
    {
        if (settles)
        {
            Driver.Advance(ms, stepMs: 15_000);
        }
        else
        {
            Driver.Time.Advance(ms);
        }
    }
}
