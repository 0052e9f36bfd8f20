using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Carts.Tests.Actions;

/// <summary>Consumers have seen documents of .NET's JSON writer: those of the pen are the same bytes.</summary>
public sealed class ActionDocumentBytesTests
{
    private static readonly string[] Scraps = ["", "a", "Shoe 42", "\"", "\\", "</script>", "&'+`", "\u007F", "\0\n\t\u001F", "é", "日本", "👟", "\uD83D", "\uDC5F", "\u2028", "0123456789abcdef", "~"];

    private static readonly byte[][] Utf8Scraps = [.. Scraps.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x91], [0xED, 0xA0, 0x80], [0xC0, 0xAF]];

    private static readonly Gen<string> Text = Gen.Elements(Scraps).ArrayOf().Select(string.Concat);

    private static readonly Gen<byte[]> Utf8 = Gen.Elements(Utf8Scraps).ArrayOf().Select(parts => parts.SelectMany(static part => part).ToArray());

    private static readonly Gen<long> Number = Gen.Elements(-1, 0, 1, 9, 10, 1_000, int.MaxValue, long.MinValue, long.MaxValue);

    private static readonly Gen<long> Time = Gen.Choose(0, int.MaxValue).Select(static second => second * 1_000L + second % 1_000);

    private static readonly Gen<CartAction> Any =
        from kind in Gen.Elements(Enum.GetValues<ActionKind>())
        from held in Gen.Elements(Enum.GetValues<HeldReason>())
        from ids in ArbMap.Default.GeneratorFor<(ulong, ulong)>().Select(static halves => new ActionId(halves.Item1, halves.Item2)).Or(Gen.Constant(default(ActionId))).Two()
        from names in Text.ArrayOf(2)
        from texts in Text.OrNull().ArrayOf(5)
        from utf8 in Utf8.ArrayOf(5)
        from reasons in Text.ArrayOf()
        from times in Time.ArrayOf(3)
        from numbers in Number.ArrayOf(4)
        from currencies in Gen.Elements(default, Currency.Parse("EUR"), Currency.Parse("CHF")).Two()
        from phase in Gen.Elements(Enum.GetValues<CartPhase>())
        from lines in (from product in Utf8 from name in Utf8 from number in Number select new CartLine(product, name, (int)number, number)).ArrayOf()
        select Action(kind, held, ids, names, texts, utf8, reasons, times, numbers, currencies, phase, lines);

    [Fact]
    public void A_document_is_what_the_writer_of_the_framework_writes_whatever_its_texts_hold() =>
        Checks.Run(Prop.ForAll(Any.ToArbitrary(), static action => ActionDocument.Write(action).SequenceEqual(Expected(action))), 2_000);

    [Fact]
    public void Every_character_is_escaped_as_the_writer_of_the_framework_does_it()
    {
        var action = Action(ActionKind.Email, HeldReason.None, default, ["", ""], [null, null, null, null, null], [[], [], [], [], []], [], [0, 0, 0], [0, 0, 0, 0], default, default, []);
        // In parts: a document beyond the bytes of a message leaves its lines out.
        foreach (var part in Enumerable.Range(0, 0x10000).Chunk(0x1000))
        {
            action.Reasons.Clear();
            action.Reasons.AddRange(part.Select(static character => ((char)character).ToString()));
            Assert.Equal(Expected(action), ActionDocument.Write(action).ToArray());
        }
    }

    [Fact]
    public void A_document_that_could_not_be_written_leaves_no_trace_in_the_next()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(ClickExamples.Add("shoe"));
        carts.Advance(SessionDriver.Hour / 2);
        var action = carts.Decided[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => { ActionDocument.Write(action with { DueMs = long.MaxValue }); });
        Assert.Equal(Expected(action), ActionDocument.Write(action).ToArray());
    }

    private static CartAction Action(
        ActionKind kind, HeldReason held, (ActionId Own, ActionId Cancels) ids, string[] names, string?[] texts, byte[][] utf8, string[] reasons, long[] times, long[] numbers,
        (Currency Cart, Currency Order) currencies, CartPhase phase, CartLine[] lines)
    {
        var action = new CartAction
        {
            Id = ids.Own,
            Kind = kind,
            Held = held,
            Visitor = new Utf8Text(utf8[0]),
            Episode = (int)numbers[0],
            Tactic = names[0],
            Occurrence = (int)numbers[1],
            Variant = texts[0],
            Template = texts[1],
            Offer = texts[2],
            Agent = texts[3],
            DueMs = times[0],
            NotBeforeMs = times[1],
            ExpiresMs = times[2],
            TacticsVersion = names[1],
            ContactRef = texts[4],
            Locale = utf8[1],
            Cancels = ids.Cancels,
            OrderValueMinor = numbers[2],
            OrderCurrency = currencies.Order,
            Cart = { Phase = phase, ValueMinor = numbers[3], Currency = currencies.Cart, CartId = utf8[2], CheckoutId = utf8[3], Coupon = utf8[4] },
        };
        action.Reasons.AddRange(reasons);
        action.Cart.Lines.AddRange(lines);
        return action;
    }

    private static byte[] Expected(CartAction action)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", action.Id.ToString());
        json.WriteString("action", ActionDocument.WordOf(action.Kind));
        json.WriteString("visitor", action.Visitor.Bytes.Span);
        json.WriteNumber("episode", action.Episode);
        json.WriteString("tactic", action.Tactic);
        json.WriteNumber("occurrence", action.Occurrence);
        Maybe("variant", action.Variant);
        json.WriteString("tacticsVersion", action.TacticsVersion);
        Maybe("template", action.Template);
        Maybe("offer", action.Offer);
        Maybe("agent", action.Agent);
        Maybe("contactRef", action.ContactRef);
        MaybeUtf8("locale", action.Locale);
        json.WriteString("dueAt", TimeText(action.DueMs));
        json.WriteString("notBefore", TimeText(action.NotBeforeMs));
        Maybe("expiresAt", action.ExpiresMs == 0 ? null : TimeText(action.ExpiresMs));
        json.WriteStartArray("reason");
        action.Reasons.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        Maybe("held", action.Held == HeldReason.None ? null : action.Held.ToString());
        Maybe("cancels", action.Cancels == default ? null : action.Cancels.ToString());
        if (action.Kind == ActionKind.CartRecovered)
        {
            json.WriteNumber("orderValueMinor", action.OrderValueMinor);
            json.WriteString("orderCurrency", action.OrderCurrency.ToString());
        }
        json.WriteStartObject("cart");
        json.WriteString("phase", action.Cart.Phase.ToString().ToLowerInvariant());
        json.WriteNumber("valueMinor", action.Cart.ValueMinor);
        json.WriteString("currency", action.Cart.Currency.ToString());
        MaybeUtf8("cartId", action.Cart.CartId);
        MaybeUtf8("checkoutId", action.Cart.CheckoutId);
        MaybeUtf8("coupon", action.Cart.Coupon);
        json.WriteStartArray("lines");
        foreach (var line in action.Cart.Lines)
        {
            json.WriteStartObject();
            json.WriteString("product", line.Product);
            MaybeUtf8("name", line.Name);
            json.WriteNumber("quantity", line.Quantity);
            if (line.PriceMinor >= 0)
            {
                json.WriteNumber("priceMinor", line.PriceMinor);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();

        void Maybe(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        void MaybeUtf8(string name, byte[]? value)
        {
            if (value is { Length: > 0 })
            {
                json.WriteString(name, value);
            }
        }

        static string TimeText(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
