using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>What a shop gets that changes nothing.</summary>
public sealed class ShippedTacticsTests
{
    private const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly TacticsDefinition Shipped = Read();

    [Fact]
    public void The_shipped_file_has_no_mistakes() => Assert.Empty(TacticsFile.Read(ShippedFile.Tactics).Mistakes);

    [Fact]
    public void Its_first_line_leads_editors_to_the_schema() =>
        Assert.Equal("# yaml-language-server: $schema=tactics.schema.json", File.ReadLines(ShippedFile.Tactics).First());

    [Fact]
    public void Ten_percent_of_the_visitors_get_nothing()
    {
        Assert.Equal(10, Shipped.HoldOutPercent);
        Assert.Equal("2026-11-01", Shipped.Version);
    }

    [Fact]
    public void A_chat_opens_after_45_seconds_on_the_cart_page()
    {
        var chat = Named("cart-chat");
        Assert.Equal(new Trigger(TriggerKind.PageDwell, 45 * Second, PageType.Cart), chat.On);
        Assert.Equal([CartPhase.Carting, CartPhase.Checkout], chat.If.Phases);
        Assert.Equal((ActionKind.ChatPrompt, "cart-help", Channel.Chat), (chat.Do, chat.Template, chat.Channel));
        Assert.Equal(new Limits(PerCart: 1, PerVisitor: 3, WindowCount: 2, WindowMs: 7 * Day), chat.Limits);
        Assert.Equal(30 * Second, chat.ExpiresMs);
    }

    [Fact]
    public void A_question_is_asked_after_60_seconds_on_a_product_page_once_a_week_on_any_device()
    {
        var question = Named("product-question");
        Assert.Equal(new Trigger(TriggerKind.PageDwell, 60 * Second, PageType.Product), question.On);
        Assert.Equal((ActionKind.ChatPrompt, 1, 7 * Day), (question.Do, question.Limits.WindowCount, question.Limits.WindowMs));
        Assert.Empty(question.If.Devices);
        Assert.Equal(30 * Second, question.ExpiresMs);
    }

    [Fact]
    public void Who_wants_to_leave_is_offered_STAY10_once_a_cart()
    {
        var stay = Named("stay10");
        Assert.Equal(TriggerKind.ExitIntent, stay.On.Kind);
        Assert.Equal((ActionKind.ChatPrompt, "STAY10", 1), (stay.Do, stay.Offer, stay.Limits.PerCart));
    }

    [Theory]
    [InlineData("email-1h", 1)]
    [InlineData("email-24h", 24)]
    [InlineData("email-72h", 72)]
    public void An_e_mail_follows_the_abandoned_cart(string name, int hours)
    {
        var mail = Named(name);
        Assert.Equal(new Trigger(TriggerKind.Abandoned, hours * Hour), mail.On);
        Assert.Equal((ActionKind.Email, 1), (mail.Do, mail.Limits.PerCart));
        Assert.Equal(hours == 72, mail.Offer is not null);
    }

    [Fact]
    public void An_SMS_goes_out_at_3_hours_only_with_consent_and_after_two_minutes_of_grace()
    {
        var sms = Named("sms-3h");
        Assert.Equal(new Trigger(TriggerKind.Abandoned, 3 * Hour), sms.On);
        Assert.Equal([Channel.Sms], sms.If.Consent);
        Assert.Equal((ActionKind.SmsReminder, 2 * Minute, 6 * Hour), (sms.Do, sms.DelayMs, sms.ExpiresMs));
    }

    [Fact]
    public void A_cart_of_500_or_more_goes_to_a_named_agent_instead_of_e_mail_and_SMS()
    {
        var vip = Named("vip-agent");
        Assert.Equal(new Trigger(TriggerKind.Abandoned), vip.On);
        Assert.Equal((500m, null, true), (vip.If.ValueMin, vip.If.ValueMax, vip.If.Currency.IsNone));
        Assert.Equal((ActionKind.VipEscalation, "anna.keller", 4 * Hour), (vip.Do, vip.Agent, vip.ExpiresMs));
        Assert.Equal(
            Shipped.Tactics.Where(t => t.Do is ActionKind.Email or ActionKind.SmsReminder).Select(t => t.Name).Order(StringComparer.Ordinal),
            vip.Instead.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_tactic_tries_two_variants() =>
        Assert.Equal(
            [new Variant("A", 50), new Variant("B", 50, "cart-reminder-question")],
            Assert.Single(Shipped.Tactics, t => t.Variants.Count > 0).Variants);

    private static Tactic Named(string name) => Assert.Single(Shipped.Tactics, t => string.Equals(t.Name, name, StringComparison.Ordinal));

    private static TacticsDefinition Read() =>
        TacticsFile.Read(ShippedFile.Tactics).Definition ?? throw new InvalidDataException("config/tactics.yaml has mistakes: streamengine tactics check config/tactics.yaml shows them");
}
