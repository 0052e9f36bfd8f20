using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>Where e-mail addresses and phone numbers may be: in the clicks that tell them, in their dead letters, and in the contact table.</summary>
public sealed class PrivacyTests
{
    private const long Minute = 60_000;
    private const string Email = "ann@example.com";
    private const string Phone = "+41790000000";

    [Fact]
    public void Addresses_are_in_the_contact_table_and_in_nothing_else_that_is_written_sent_or_logged()
    {
        using var driver = new ShardDriver(new DriverOptions { Tactics = TacticSet.Compile(StoryTactics.Standard with { HoldOutPercent = 0 }, Currency.Parse("EUR")) });
        driver.Feed("ann", Identify("{}"));
        driver.Feed("ann", Identify("\"a text\""));
        driver.Feed("ann", ClickJson.ProductAdded("watch", 700));
        driver.Feed("ann", ClickJson.Page("Cart"));
        driver.Settle();
        driver.Store.Faults[driver.Store.Submitted + 1] = CommitFault.Fail;
        driver.Advance(5 * 60 * Minute, stepMs: Minute);
        driver.Crash();
        driver.Feed("ann", ClickJson.OrderCompleted("o-1", 700));
        driver.Advance(Minute);

        var contact = Assert.Single(driver.Memory.Contacts);
        Assert.Equal((Email, Phone), (contact.Email, contact.Phone));
        var letter = Assert.Single(driver.Dead);
        Assert.Contains(Email, Encoding.UTF8.GetString(letter.Value.Span), StringComparison.Ordinal);
        string[] written =
        [
            .. driver.Actions.SelectMany(static action => (string[])[Encoding.UTF8.GetString(action.Key.Span), Encoding.UTF8.GetString(action.Value.Span), .. action.Headers.Select(static h => h.Value.ToString())]),
            .. letter.Headers.Select(static header => header.Value.ToString()), Encoding.UTF8.GetString(letter.Key.Span),
            .. driver.Rows.Select(static row => row.ToString()), .. driver.Memory.DeadLetters(0).Select(static row => row.ToString()),
            .. driver.Memory.Carts(0).Select(static row => row.ToString()), .. driver.Memory.Kpis(0).Select(static row => row.ToString()),
            .. driver.Store.Seen.Select(static commit => Encoding.UTF8.GetString(commit.Segment)), .. driver.Log.Lines,
        ];
        Assert.Contains(driver.Actions, static action => Encoding.UTF8.GetString(action.Value.Span).Contains("contactRef", StringComparison.Ordinal));
        Assert.Contains(driver.Log.Lines, static line => line.Contains("a test said so", StringComparison.Ordinal));
        Assert.All(written, static text =>
        {
            Assert.DoesNotContain(Email, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Phone[1..], text, StringComparison.Ordinal);
        });
    }

    /// <param name="consent">An object; anything else is refused.</param>
    private static byte[] Identify(string consent) =>
        Encoding.UTF8.GetBytes($"{{\"type\":\"identify\",\"traits\":{{\"email\":\"{Email}\",\"phone\":\"{Phone}\",\"consent\":{consent}}}}}");
}
