using System.Text;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>Writes a story in the order in which it happens.</summary>
internal sealed class StoryBuilder
{
    private readonly List<StoryClick> _clicks = [];

    private int _messages;

    public long NowMs { get; private set; } = FakeTime.StartMs + 1_000;

    public StoryBuilder Wait(long minutes, long seconds = 0)
    {
        NowMs += (minutes * 60 + seconds) * 1_000;
        return this;
    }

    public StoryBuilder WaitMs(long ms)
    {
        NowMs += ms;
        return this;
    }

    public StoryBuilder Raw(string visitor, byte[] value, int skip = 0)
    {
        _clicks.Add(new StoryClick(NowMs, visitor, value, skip));
        return WaitMs(250);
    }

    public StoryBuilder Add(string visitor, string product, decimal price) => Raw(visitor, ClickJson.ProductAdded(product, price, $"m{++_messages}"));

    /// <summary>The click before comes once more, as a retrying browser sends it.</summary>
    public StoryBuilder Again() => Raw(_clicks[^1].Visitor, _clicks[^1].Value);

    public StoryBuilder Page(string visitor, string page) => Raw(visitor, ClickJson.Page(page));

    public StoryBuilder Does(string visitor, string name, string properties = "{}") => Raw(visitor, ClickJson.Track(name, properties, $"m{++_messages}"));

    public StoryBuilder Leaves(string visitor) => Raw(visitor, ClickJson.Track("Page Left"));

    public StoryBuilder ExitIntent(string visitor, double confidence) =>
        Does(visitor, "Exit Intent Detected", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{\"confidence\":{confidence}}}"));

    public StoryBuilder Consents(string visitor, string channel) => Raw(visitor, ClickJson.Consent(channel, "granted"));

    public StoryBuilder Identifies(string visitor) => Raw(visitor, ClickJson.Identify(visitor + "@example.org"));

    public StoryBuilder Buys(string visitor, string order, decimal total) => Raw(visitor, ClickJson.OrderCompleted(order, total));

    public StoryBuilder Nonsense(string visitor) => Raw(visitor, Encoding.UTF8.GetBytes("{\"type\":\"track\",\"event\":"));

    public Story End(TacticsDefinition tactics, int hours = 6) => new(tactics, _clicks, NowMs + hours * 3_600_000L);
}
