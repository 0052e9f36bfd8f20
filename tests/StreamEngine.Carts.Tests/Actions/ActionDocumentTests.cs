using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Actions;

public sealed partial class ActionDocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_cart_too_large_for_a_message_is_told_without_its_lines()
    {
        var carts = Carting();
        for (var i = 0; i < 190; i++)
        {
            carts.Feed(Add(new string('x', 4_000) + i.ToString(System.Globalization.CultureInfo.InvariantCulture), 1, 1));
        }
        carts.Advance(45_000);
        using var document = JsonDocument.Parse(ActionDocument.Write(carts.ActionsOf("cart-chat")[0]).ToArray());
        var cart = document.RootElement.GetProperty("cart");
        Assert.Equal(192, cart.GetProperty("linesOmitted").GetInt32());
        Assert.Equal(0, cart.GetProperty("lines").GetArrayLength());
        Assert.True(cart.GetProperty("valueMinor").GetInt64() > 0);
    }

    [Fact]
    public void A_chat_prompt()
    {
        var carts = Carting();
        carts.Advance(45_000);
        Same(carts.ActionsOf("cart-chat")[0], """
            {
              "id": "ID",
              "action": "chat_prompt",
              "visitor": "visitor-1",
              "episode": 0,
              "tactic": "cart-chat",
              "occurrence": 1,
              "tacticsVersion": "2026-11-01",
              "template": "cart-help",
              "contactRef": "REF",
              "locale": "de-CH",
              "dueAt": "2026-01-01T00:00:45.000Z",
              "notBefore": "2026-01-01T00:00:45.000Z",
              "expiresAt": "2026-01-01T00:01:15.000Z",
              "reason": [
                "looked at the cart page for 45 s",
                "cart of 2 lines worth 29.90 EUR"
              ],
              "cart": {
                "phase": "carting",
                "valueMinor": 2990,
                "currency": "EUR",
                "coupon": "SAVE5",
                "lines": [
                  {
                    "product": "shirt",
                    "name": "Name of shirt",
                    "quantity": 2,
                    "priceMinor": 1495
                  },
                  {
                    "product": "gift",
                    "name": "Name of gift",
                    "quantity": 1
                  }
                ]
              }
            }
            """);
    }

    [Fact]
    public void An_offer_an_e_mail_an_sms_an_agent_and_what_was_held_back()
    {
        var carts = Carting();
        carts.Feed(ExitIntent());
        carts.AdvanceTo(SessionDriver.StartMs + 30 * SessionDriver.Minute);
        carts.Advance(SessionDriver.Hour);
        carts.Advance(2 * SessionDriver.Hour);
        var offer = Write(carts.ActionsOf("stay10")[0]);
        Assert.Equal("STAY10", offer.GetProperty("offer").GetString());
        Assert.Equal("2026-01-01T00:00:10.000Z", offer.GetProperty("expiresAt").GetString());
        var mail = Write(carts.ActionsOf("email-1h")[0]);
        Assert.Equal(("email", "cart abandoned 1 h ago"), (mail.GetProperty("action").GetString(), mail.GetProperty("reason")[0].GetString()));
        Assert.Matches("^[AB]$", mail.GetProperty("variant").GetString());
        var sms = Write(carts.ActionsOf("sms-3h")[0]);
        Assert.Equal("sms_reminder", sms.GetProperty("action").GetString());
        Assert.Equal(("NoConsent", "held back: no consent for SMS"), (sms.GetProperty("held").GetString(), sms.GetProperty("reason")[0].GetString()));
        Assert.Equal(("2026-01-01T03:30:00.000Z", "2026-01-01T03:32:00.000Z"), (sms.GetProperty("dueAt").GetString(), sms.GetProperty("notBefore").GetString()));
    }

    [Fact]
    public void A_large_cart_for_the_agent()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(Add("sofa", 1, 1200));
        carts.AdvanceTo(SessionDriver.StartMs + 30 * SessionDriver.Minute);
        var call = Write(carts.ActionsOf("vip-agent")[0]);
        Assert.Equal(("vip_escalation", "anna.keller"), (call.GetProperty("action").GetString(), call.GetProperty("agent").GetString()));
        Assert.Equal(["cart abandoned", "cart of 1 line worth 1200.00 EUR", "value is at least 500"], call.GetProperty("reason").EnumerateArray().Select(r => r.GetString()!),
            StringComparer.Ordinal);
        Assert.False(call.TryGetProperty("contactRef", out _));
        Assert.False(call.TryGetProperty("held", out _));
    }

    [Fact]
    public void The_facts_of_a_cart()
    {
        var carts = Carting();
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.AdvanceTo(SessionDriver.StartMs + 30 * SessionDriver.Minute);
        carts.Advance(3 * SessionDriver.Hour);
        carts.Feed(Order("o-1", 27.50m));
        Same(carts.ActionsOf("cart_abandoned")[0], """
            {
              "id": "ID",
              "action": "cart_abandoned",
              "visitor": "visitor-1",
              "episode": 1,
              "tactic": "cart_abandoned",
              "occurrence": 1,
              "tacticsVersion": "2026-11-01",
              "contactRef": "REF",
              "locale": "de-CH",
              "dueAt": "2026-01-01T00:30:00.000Z",
              "notBefore": "2026-01-01T00:30:00.000Z",
              "reason": [
                "no activity for 30 min"
              ],
              "cart": {
                "phase": "abandoned",
                "valueMinor": 2990,
                "currency": "EUR",
                "coupon": "SAVE5",
                "lines": [
                  {
                    "product": "shirt",
                    "name": "Name of shirt",
                    "quantity": 2,
                    "priceMinor": 1495
                  },
                  {
                    "product": "gift",
                    "name": "Name of gift",
                    "quantity": 1
                  }
                ]
              }
            }
            """);
        var recovered = Write(carts.ActionsOf("cart_recovered")[0]);
        Assert.Equal((2750L, "EUR"), (recovered.GetProperty("orderValueMinor").GetInt64(), recovered.GetProperty("orderCurrency").GetString()));
        Assert.Equal("ordered for 27.50 EUR, 3 h after the cart was abandoned", recovered.GetProperty("reason")[0].GetString());
        var cancelled = Write(carts.Decided.Single(a => a.Kind == ActionKind.ActionCancelled));
        Assert.Equal(("action_cancelled", carts.ActionsOf("sms-3h")[0].Id.ToString()),
            (cancelled.GetProperty("action").GetString(), cancelled.GetProperty("cancels").GetString()));
    }

    [Fact]
    public void No_document_ever_holds_an_e_mail_address_or_a_phone_number()
    {
        var carts = Carting();
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Advance(7 * SessionDriver.Day);
        carts.Feed(Order("o-1"));
        Assert.True(carts.Decided.Count >= 5);
        Assert.Equal(("ann@example.com", "+41790000000"), (carts.Contacts[0].Email, carts.Contacts[0].Phone));
        foreach (var action in carts.Decided)
        {
            var text = Encoding.UTF8.GetString(ActionDocument.Write(action));
            Assert.DoesNotContain("ann@", text, StringComparison.Ordinal);
            Assert.DoesNotContain("4179", text, StringComparison.Ordinal);
            Assert.Equal(carts.Contacts[0].Ref, action.ContactRef);
        }
        var state = Encoding.Latin1.GetString(carts.Encode());
        Assert.DoesNotContain("ann@", state, StringComparison.Ordinal);
        Assert.DoesNotContain("4179", state, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_has_its_word_and_its_type()
    {
        Assert.Equal(
            ["chat_prompt", "sms_reminder", "email", "vip_escalation", "cart_abandoned", "cart_recovered", "action_cancelled"],
            Enum.GetValues<ActionKind>().Select(ActionDocument.WordOf),
            StringComparer.Ordinal);
        Assert.Equal("streamengine.email", ActionDocument.TypeOf(ActionKind.Email));
    }

    [Fact]
    public void Times_are_utc_with_milliseconds() => Assert.Equal("2026-01-01T00:00:00.007Z", ActionDocument.Timestamp(SessionDriver.StartMs + 7));

    private static SessionDriver Carting()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(Identify("ann@example.com", "+41790000000", "de-CH"));
        carts.Feed(Page(PageType.Cart));
        carts.Feed(Add("shirt", 2, 14.95m));
        carts.Feed(AddWithoutPrice("gift"));
        carts.Feed(Coupon("SAVE5"));
        return carts;
    }

    private static JsonElement Write(CartAction action)
    {
        using var document = JsonDocument.Parse(ActionDocument.Write(action).ToArray());
        return document.RootElement.Clone();
    }

    private static void Same(CartAction action, string expected)
    {
        var text = JsonSerializer.Serialize(Write(action), Indented).ReplaceLineEndings("\n");
        text = text.Replace(action.Id.ToString(), "ID", StringComparison.Ordinal);
        Assert.Equal(expected.ReplaceLineEndings("\n"), ContactRef().Replace(text, "\"REF\""));
    }

    [GeneratedRegex("\"c[0-9a-f]{32}\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ContactRef();
}
