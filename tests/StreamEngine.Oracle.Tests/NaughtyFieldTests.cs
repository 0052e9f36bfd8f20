using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamEngine.TestKit;

namespace StreamEngine.Oracle.Tests;

/// <summary>The Big List of Naughty Strings in every field that is read: what is kept comes out as it went in, and nothing else is harmed.</summary>
public sealed class NaughtyFieldTests(ITestOutputHelper output)
{
    private const string File = "data/naughty-strings/blns.json";
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    /// <summary>Fields of a record, with a place for the text: in names, ids, amounts, times and words.</summary>
    private static readonly (string Field, string Json)[] Places =
    [
        ("product_id", """{"type":"track","event":"Product Added","properties":{"product_id":"@","price":5}}"""),
        ("name", """{"type":"track","event":"Product Added","properties":{"product_id":"p","name":"@","price":5}}"""),
        ("price", """{"type":"track","event":"Product Added","properties":{"product_id":"p","price":"@"}}"""),
        ("quantity", """{"type":"track","event":"Product Added","properties":{"product_id":"p","quantity":"@"}}"""),
        ("currency", """{"type":"track","event":"Product Added","properties":{"product_id":"p","price":5,"currency":"@"}}"""),
        ("messageId", """{"type":"track","event":"Product Added","messageId":"@","properties":{"product_id":"p","price":5}}"""),
        ("timestamp", """{"type":"track","event":"Product Added","timestamp":"@","properties":{"product_id":"p","price":5}}"""),
        ("context", """{"type":"track","event":"Product Added","context":{"locale":"@","timezone":"@","device":{"type":"@"}},"properties":{"product_id":"p","price":5}}"""),
        ("products", """{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"@","name":"@","price":7},{"sku":"q"}]}}"""),
        ("cart_id", """{"type":"track","event":"Checkout Started","properties":{"cart_id":"@","checkout_id":"@","value":9}}"""),
        ("coupon", """{"type":"track","event":"Coupon Applied","properties":{"coupon":"@"}}"""),
        ("order_id", """{"type":"track","event":"Order Completed","properties":{"order_id":"@","total":"@"}}"""),
        ("traits", """{"type":"identify","traits":{"email":"@","phone":"@","locale":"@","timezone":"@"}}"""),
        ("orders", """{"type":"identify","traits":{"order_count":"@"}}"""),
        ("consent", """{"type":"track","event":"Consent Updated","properties":{"channel":"sms","state":"@"}}"""),
        ("channel", """{"type":"track","event":"Consent Updated","properties":{"channel":"@","state":"granted"}}"""),
        ("chat", """{"type":"track","event":"Chat Message Received","properties":{"text":"@","language":"@"}}"""),
        ("confidence", """{"type":"track","event":"Exit Intent Detected","properties":{"confidence":"@","device":"@"}}"""),
        ("actionId", """{"type":"track","event":"Message Sent","properties":{"actionId":"@"}}"""),
        ("page", """{"type":"page","name":"@","category":"@","properties":{"url":"@"},"context":{"page":{"path":"@"}}}"""),
        ("event", """{"type":"track","event":"@","properties":{}}"""),
        ("type", """{"type":"@"}"""),
    ];

    [Fact]
    public void In_every_field_they_are_kept_to_the_byte_or_refused_with_a_reason()
    {
        var path = SharedData.Find(File);
        Assert.SkipWhen(path is null, SharedData.MissingMessage(File));
        using var list = JsonDocument.Parse(System.IO.File.ReadAllBytes(path!));
        var texts = list.RootElement.EnumerateArray().Select(element => element.GetString()!).ToArray();
        using var driver = new ShardDriver();
        var visitors = new Dictionary<string, (string Field, string Text)>(StringComparer.Ordinal);
        for (var i = 0; i < texts.Length; i++)
        {
            foreach (var (field, json) in Places)
            {
                var visitor = string.Create(CultureInfo.InvariantCulture, $"{field}-{i}");
                visitors.Add(visitor, (field, texts[i]));
                driver.Feed(visitor, Encoding.UTF8.GetBytes(json.Replace("@", JsonEncodedText.Encode(texts[i]).ToString(), StringComparison.Ordinal)));
                driver.Feed(visitor, ClickJson.ProductAdded("plain", 1));
            }
            // As who clicked, too.
            driver.Feed(texts[i], ClickJson.ProductAdded("plain", 1));
            driver.Settle();
        }
        driver.Advance(2 * MinuteMs);
        driver.Advance(4 * HourMs, stepMs: HourMs / 2);

        var differences = Disagreements(driver);
        Assert.True(differences.Length == 0, differences);
        var kept = 0;
        foreach (var row in driver.Rows)
        {
            using var document = JsonDocument.Parse(row.Data);
            Assert.Equal(row.Visitor.ToString(), document.RootElement.GetProperty("visitor").GetString());
            if (visitors.TryGetValue(row.Visitor.ToString(), out var told) && told.Text.Length > 0 && KeptIn(document.RootElement, told.Field) is { } found)
            {
                Assert.Equal(told.Text, found);
                kept++;
            }
        }
        Assert.True(kept > texts.Length, $"Only {kept} texts came back.");
        output.WriteLine($"{visitors.Count} records with naughty fields, {driver.Rows.Count} decisions, {driver.Memory.DeadLetters(0).Count} refused, {kept} texts kept");
    }

    private static string? KeptIn(JsonElement action, string field)
    {
        var cart = action.GetProperty("cart");
        return field switch
        {
            "product_id" => cart.GetProperty("lines")[0].GetProperty("product").GetString(),
            "name" => cart.GetProperty("lines")[0].GetProperty("name").GetString(),
            "cart_id" => cart.TryGetProperty("cartId", out var id) ? id.GetString() : null,
            "coupon" => cart.TryGetProperty("coupon", out var coupon) ? coupon.GetString() : null,
            "context" or "traits" => action.TryGetProperty("locale", out var locale) ? locale.GetString() : null,
            _ => null,
        };
    }

    private static string Disagreements(ShardDriver driver)
    {
        var rules = new OracleRules { Tactics = TestTactics.Definition };
        var records = driver.Topic[0].Select(e => new OracleRecord(e.Offset, e.TimestampMs, e.IsLogAppendTime, e.Key, e.Value)).ToList();
        var expected = new ShopOracle(rules).Play(records, r => r.TimestampMs, driver.Time.NowMs);
        return Comparison.Of(
            expected, [.. driver.Rows.Select(OracleView.DecisionOf)], [.. StoredSessions.Read(driver.Memory.ReadSegments(0)).Values.Select(OracleView.EndingOf)],
            [.. driver.Memory.DeadLetters(0).Select(d => d.Offset).Order()]);
    }
}
