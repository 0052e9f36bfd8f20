using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics.Shapes;

namespace StreamEngine.Host.Tactics;

/// <summary>
/// The language of the tactics file, said once: every key with its type, its words and what it means. The reader, the spelling
/// suggestions and the JSON Schema are all made from it.
/// </summary>
internal static class TacticLanguage
{
    public const string DefaultHoldOutSalt = "hold-out";
    private const int CountMax = 1000;

    // Every send that a rolling window counts is remembered in the session until it leaves the window.
    private const int WindowCountMax = 100;
    private const string NoLimit = "the tactic would never fire; leave the key out for no limit";

    /// <summary>How long an action is of use where its tactic does not say: as long as its channel is a good idea.</summary>
    public static long DefaultExpiresMs(ActionKind kind) => kind switch
    {
        ActionKind.ChatPrompt => 30_000,
        ActionKind.Email => 24 * 3_600_000L,
        ActionKind.SmsReminder => 6 * 3_600_000L,
        _ => 4 * 3_600_000L,
    };

    // The words. Every one of them is a member of an enum of the engine.
    private static readonly WordShape<PageType> PageWord = new("a page", "cart", "page", PageType.None);
    private static readonly WordShape<CartPhase> PhaseWord = new("a phase", "carting", "phase");
    private static readonly WordShape<ClickKind> EventWord = new("an event", "coupon_denied", "event", ClickKind.None);
    private static readonly WordShape<Channel> ChannelWord = new("a channel", "sms", "channel", Channel.None);
    private static readonly WordShape<VisitorSegment> SegmentWord = new("a segment", "returning", "segment");
    private static readonly WordShape<Device> DeviceWord = new("a device", "mobile", "device", Device.Unknown);

    private static readonly TextShape LocaleText = new("a locale", "de-CH", "^[a-z]{2,3}(?:-[A-Z]{2})?$",
        "write a language such as de, or language and region such as de-CH", MendLocale);
    private static readonly TextShape TacticName = new("a name for a tactic", "cart-chat", "^[a-z0-9][a-z0-9_-]{0,63}$",
        "write small letters, digits, '-' and '_', 64 at most", static text => text.Trim().ToLowerInvariant().Replace(' ', '-'));
    private static readonly TextShape TemplateName = new("a template", "cart-help", "^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$",
        "write letters, digits, '-', '_', '.' and '/', 128 at most", Dashed);
    private static readonly TextShape OfferCode = new("an offer", "STAY10", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "write letters, digits, '-', '_' and '.', 64 at most", Dashed);
    private static readonly TextShape AgentName = new("an agent", "anna.keller", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "write the agent's login: letters, digits, '-', '_' and '.', 64 at most", static text => text.Trim().ToLowerInvariant().Replace(' ', '.'));
    private static readonly TextShape VariantName = new("a name for a variant", "A", "^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$",
        "write letters, digits, '-' and '_', 32 at most", Dashed);

    // on: the trigger.
    public static readonly Key<PageType> PageDwell = new("page_dwell", PageWord, "A visitor has looked at one page of this type for a while.");
    public static readonly Key<long> DwellAfter = new("after", new DurationShape("a duration", "45 s"), "For how long.", isRequired: true);
    public static readonly Key<double> Confidence = new("confidence", new PercentShape("a confidence", "60%", digits: 0),
        "Weaker signals do not count; one that says no confidence counts as certain.", isRequired: true);
    public static readonly Key<Fields> ExitIntent = new("exit_intent", new GroupShape("an exit intent", "{ confidence: 60% }", Confidence),
        "The cursor leaves towards the tab bar, or the phone's page is swiped back: the browser reports an exit intent.");
    public static readonly Key<ClickKind> Event = new("event", EventWord, "A visitor does something: any event of the clickstream.");
    public static readonly Key<long> Abandoned = new("abandoned", new DurationShape("a duration", "1h", mayBeZero: true),
        "This long after the cart was abandoned; 0 s for at once. A purchase in between cancels it.");

    // if: the conditions.
    public static readonly Key<List<Placed<CartPhase>>> Phase = new("phase", new OneOrMoreShape<CartPhase>(PhaseWord), "Where the cart is in its life: one of these.");
    public static readonly Key<List<Placed<PageType>>> Page = new("page", new OneOrMoreShape<PageType>(PageWord), "The page that is open: one of these.");
    public static readonly Key<ValueRange> Value = new("value", new ValueRangeShape(),
        "Value of the cart: \">= 500\", \"< 50\" or 20..500 (20 included, 500 not), or { min: 20, max: 500 }.");
    public static readonly Key<Currency> ValueCurrency = new("currency", new CurrencyShape(),
        "Currency of the value; the store's if left out. A cart in another currency does not match.");
    public static readonly Key<List<Placed<Channel>>> Consent = new("consent", new OneOrMoreShape<Channel>(ChannelWord),
        "The visitor has said yes to all of these channels; else the action is recorded as held back and not sent.");
    public static readonly Key<List<Placed<VisitorSegment>>> Segment = new("segment", new OneOrMoreShape<VisitorSegment>(SegmentWord),
        "New, returning, or dormant (has ordered before, but not for 180 days): one of these.");
    public static readonly Key<List<Placed<Device>>> DeviceType = new("device", new OneOrMoreShape<Device>(DeviceWord), "What the visitor holds: one of these.");
    public static readonly Key<List<Placed<string>>> Locale = new("locale", new OneOrMoreShape<string>(LocaleText),
        "The visitor's language: one of these. de matches de-CH, too.");

    // do: the action.
    public static readonly Key<string> ChatPrompt = new("chat_prompt", TemplateName, "Opens the chat with this template.");
    public static readonly Key<string> Email = new("email", TemplateName, "Sends an e-mail with this template.");
    public static readonly Key<string> SmsReminder = new("sms_reminder", TemplateName, "Sends an SMS with this template.");
    public static readonly Key<string> VipEscalation = new("vip_escalation", TemplateName, "Hands the cart to a person, with this template as the note.");
    public static readonly Key<string> Offer = new("offer", OfferCode, "Code of the discount that goes with it.");
    public static readonly Key<string> Agent = new("agent", AgentName, "Login of the person who takes care; anybody on duty if left out.");
    public static readonly Key<long> Delay = new("delay", new DurationShape("a duration", "2m"),
        "The channel waits this long before it sends; a purchase in between cancels.");

    // limit: how often.
    public static readonly Key<int> PerCart = new("per_cart", new CountShape("a limit", "1", CountMax, NoLimit), "Times for one cart, at most.");
    public static readonly Key<int> PerVisitor = new("per_visitor", new CountShape("a limit", "3", CountMax, NoLimit),
        "Times for one visitor, at most. It counts for as long as the visitor is remembered: see Sessions:RememberFor.");
    public static readonly Key<int> WindowCount = new("count", new CountShape("a limit", "2", WindowCountMax, NoLimit), "Times within the window, at most.", isRequired: true);
    public static readonly Key<long> WindowEvery = new("every", new DurationShape("a duration", "7d"), "Length of the window, which rolls along; 90d at most.", isRequired: true);
    public static readonly Key<Fields> Window = new("window", new GroupShape("a window", "{ count: 2, every: 7d }", WindowCount, WindowEvery),
        "Times within a rolling window, at most.");

    // experiment.
    public static readonly Key<string> VariantsName = new("name", VariantName, "Stands in every action of this variant.", isRequired: true);
    public static readonly Key<int> VariantWeight = new("weight",
        new CountShape("a weight", "50", CountMax, "nobody would ever get this variant; remove it, or give it a weight of at least 1"),
        "Share of the visitors, relative to the other variants.", isRequired: true);
    public static readonly Key<string> VariantTemplate = new("template", TemplateName, "Instead of the tactic's template.");
    public static readonly Key<string> VariantOffer = new("offer", OfferCode, "Instead of the tactic's offer.");
    public static readonly Key<List<Placed<Fields>>> Variants = new("variants",
        new ListShape<Fields>("a list of two or more variants", "[{ name: A, weight: 50 }, { name: B, weight: 50, template: other }]",
            new GroupShape("a variant", "{ name: A, weight: 50 }", VariantsName, VariantWeight, VariantTemplate, VariantOffer), countMin: 2),
        "Two or more. Which one a visitor gets is drawn once and stays.", isRequired: true);

    // A tactic.
    public static readonly Key<string> Name = new("name", TacticName, "Names the tactic in actions, reasons and figures. Keep it: counters belong to the name.", isRequired: true);
    public static readonly Key<Fields> On = new("on", TriggerForms(), "The moment at which the tactic is considered.", isRequired: true);
    public static readonly Key<Fields> If = new("if",
        new GroupShape("a group of conditions", "{ phase: carting }", Phase, Page, Value, ValueCurrency, Consent, Segment, DeviceType, Locale),
        "All of these must hold at that moment.");
    public static readonly Key<Fields> Do = new("do", ActionForms(), "What happens then: a channel, its template, and what goes with it.", isRequired: true);
    public static readonly Key<Fields> Limit = new("limit", new GroupShape("a group of limits", "{ per_cart: 1 }", PerCart, PerVisitor, Window),
        "How often, at most. Without it the tactic fires every time.");
    public static readonly Key<long> Expires = new("expires", new DurationShape("a duration", "30 s"),
        "How long after its moment the action is still of use; later it is skipped. If left out: chat 30 s, SMS 6h, e-mail 24h, agent 4h.");
    public static readonly Key<List<Placed<string>>> Instead = new("instead", new OneOrMoreShape<string>(TacticName),
        "Names of tactics that stand back where the conditions of this one hold.");
    public static readonly Key<Fields> Experiment = new("experiment", new GroupShape("an experiment", "{ variants: [...] }", Variants),
        "Tries variants against each other.");

    // The file.
    public static readonly Key<string> Version = new("version",
        new TextShape("a version", "\"2026-11-01\"", "^[!-~]{1,64}$", "write up to 64 characters without blanks, such as a date", Dashed),
        "Goes into every action, so that each can be traced to the rules that made it. Change it with every change of the file.", isRequired: true);
    public static readonly Key<double> HoldOut = new("holdout", new PercentShape("a share", "10%", digits: 4),
        "Share of visitors who never get anything: what the tactics are measured against. None if left out.");
    public static readonly Key<string> HoldOutSalt = new("holdout_salt",
        new TextShape("a salt", "spring-2027", "^[!-~]{1,64}$", "write up to 64 characters without blanks", Dashed),
        "Change it to draw other visitors for the hold-out.");
    public static readonly Key<List<Placed<Fields>>> Tactics = new("tactics",
        new ListShape<Fields>("a list of tactics", "- name: cart-chat",
            new GroupShape("a tactic", "name: cart-chat", Name, On, If, Do, Limit, Expires, Instead, Experiment), countMin: 1),
        "The rules, in any order.", isRequired: true);

    public static readonly GroupShape File = new("the tactics file", "version: \"2026-11-01\"", Version, HoldOut, HoldOutSalt, Tactics);

    private static FormShape TriggerForms() => new("a trigger", "trigger", "{ page_dwell: cart, after: 45 s }",
        new Form(PageDwell, "{ page_dwell: cart, after: 45 s }", IsBare: false, DwellAfter),
        new Form(ExitIntent, "exit_intent", IsBare: true),
        new Form(Event, "{ event: coupon_denied }", IsBare: false),
        new Form(Abandoned, "{ abandoned: 1h }", IsBare: false));

    private static FormShape ActionForms() => new("an action", "action", "{ chat_prompt: cart-help }",
        new Form(ChatPrompt, "{ chat_prompt: cart-help }", IsBare: false, Offer, Delay),
        new Form(Email, "{ email: cart-reminder }", IsBare: false, Offer, Delay),
        new Form(SmsReminder, "{ sms_reminder: cart-sms }", IsBare: false, Offer, Delay),
        new Form(VipEscalation, "{ vip_escalation: vip-call, agent: anna.keller }", IsBare: false, Agent, Offer, Delay));

    private static string Dashed(string text) => text.Trim().Replace(' ', '-');

    private static string MendLocale(string text)
    {
        var parts = text.Trim().Split('-', '_');
        return parts.Length == 2 ? $"{parts[0].ToLowerInvariant()}-{parts[1].ToUpperInvariant()}" : text.Trim().ToLowerInvariant();
    }
}
