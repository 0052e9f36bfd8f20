using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>One wrong file for each kind of mistake: where it is pointed at, in which words, and what is suggested.</summary>
public sealed class MistakeTests
{
    // The tactic begins in line 3, and what a test adds to it in line 6.
    private const string Tactic = "version: v1\ntactics:\n  - name: help\n    on: exit_intent\n    do: { chat_prompt: t }\n";

    [Theory]
    [InlineData("pre_cart: 1", 5, "'pre_cart' is not a key of a tactic", null)]
    [InlineData("limt: { per_cart: 1 }", 5, "'limt' is not a key of a tactic", "limit")]
    [InlineData("if: { pahse: carting }", 11, "'pahse' is not a key of a group of conditions", "phase")]
    [InlineData("if: { zzz: carting }", 11, "which has phase, page, value, currency, consent, segment, device, locale", null)]
    [InlineData("if{ phase: carting }", 5, "'if{ phase' is not a key of a tactic: a key ends with ':' and a blank", null)]
    [InlineData("per_cart: 1", 5, "'per_cart' is not a key of a tactic: it belongs under 'limit'", null)]
    [InlineData("template: t2", 5, "'template' is not a key of a tactic", null)]
    [InlineData("if: { phase: cartng }", 18, "'cartng' is not a phase", "carting")]
    [InlineData("if: { phase: [carting, chekout] }", 28, "'chekout' is not a phase", "checkout")]
    [InlineData("if: { phase: zzz }", 18, "it is one of browsing, carting, checkout, purchased, abandoned, recovered, lapsed", null)]
    [InlineData("if: { phase: [] }", 18, "this list is empty", null)]
    [InlineData("if: { phase: [carting, carting] }", 28, "'carting' stands twice in this list", null)]
    [InlineData("if: { phase: { carting: yes } }", 18, "a group of keys stands where a phase belongs", null)]
    [InlineData("if: { page: crat }", 17, "'crat' is not a page", "cart")]
    [InlineData("if: { page: none }", 17, "'none' is not a page", null)]
    [InlineData("if: { device: mobil }", 19, "'mobil' is not a device", "mobile")]
    [InlineData("if: { segment: retruning }", 20, "'retruning' is not a segment", "returning")]
    [InlineData("if: { consent: e-mail }", 20, "'e-mail' is not a channel", "email")]
    [InlineData("if: { locale: de_ch }", 19, "'de_ch' is not a locale", "de-CH")]
    [InlineData("if: { locale: DE }", 19, "'DE' is not a locale", "de")]
    [InlineData("if: {}", 9, "a group of conditions is empty here", null)]
    [InlineData("if: [carting]", 9, "a list stands where a group of conditions belongs", null)]
    [InlineData("if:", 5, "'if' has no value", null)]
    [InlineData("expires: 45", 14, "'45' is not a duration: it has no unit", "45 s")]
    [InlineData("expires: 2 Hours", 14, "'2 Hours' is not a duration", "2 h")]
    [InlineData("expires: soon", 14, "'soon' is not a duration: write 45 s, 90m, 1h30m or 3d", null)]
    [InlineData("expires: 30m1h", 14, "'30m1h' is not a duration", null)]
    [InlineData("expires: -5 s", 14, "'-5 s' is not a duration", null)]
    [InlineData("expires: 0 s", 14, "it must be longer than nothing", null)]
    [InlineData("expires: 999999999d", 14, "it is 90d at most", null)]
    [InlineData("expires: 99999999999999999999d", 14, "is not a duration", null)]
    [InlineData("expires: ٣ s", 14, "is not a duration", null)]
    [InlineData("limit: { per_cart: 0 }", 24, "'0' is not a limit: the tactic would never fire", null)]
    [InlineData("limit: { per_cart: -1 }", 24, "'-1' is not a limit: the tactic would never fire", null)]
    [InlineData("limit: { per_cart: 1.5 }", 24, "write a whole number from 1 to 1000", null)]
    [InlineData("limit: { per_cart: 1001 }", 24, "it is 1000 at most", null)]
    [InlineData("limit: { per_cart: 99999999999 }", 24, "write a whole number from 1 to 1000", null)]
    [InlineData("limit: { per_cart: \"2\" }", 24, "in quotes it is text", "2")]
    [InlineData("limit: { window: { every: 7d } }", 22, "a window needs 'count': write count: 2", null)]
    [InlineData("limit: { window: { count: 2 } }", 22, "a window needs 'every': write every: 7d", null)]
    [InlineData("limit: { window: { count: 2, every: 91d } }", 41, "it is 90d at most", null)]
    [InlineData("if: { value: 500 }", 18, "'500' is not a value range", ">= 500")]
    [InlineData("if: { value: \"> 500\" }", 18, "the lower end is included, the upper is not", ">= 500")]
    [InlineData("if: { value: \"<= 50.5\" }", 18, "'<= 50.5' is not a value range", "< 50.5")]
    [InlineData("if: { value: 20-500 }", 18, "'20-500' is not a value range", "20..500")]
    [InlineData("if: { value: \">= 1,000\" }", 18, "'>= 1,000' is not a value range", null)]
    [InlineData("if: { value: 500..20 }", 18, "no cart has a value from 500 to below 20, so this can never fire", null)]
    [InlineData("if: { value: { min: 20, max: 20 } }", 18, "so this can never fire", null)]
    [InlineData("if: { value: \"< 0\" }", 18, "so this can never fire", null)]
    [InlineData("if: { value: { mni: 20 } }", 20, "'mni' is not a key of a value range", "min")]
    [InlineData("if: { value: { min: -1 } }", 25, "'-1' is not an amount", null)]
    [InlineData("if: { value: [20, 500] }", 18, "a list stands where a value range belongs", null)]
    [InlineData("if: { value: \">= 5\", currency: ERU }", 36, "'ERU' is not a currency", "EUR")]
    [InlineData("if: { currency: EUR }", 21, "'currency' says nothing without 'value'", null)]
    [InlineData("instead: hepl", 14, "'hepl' is not a tactic of this file", "help")]
    [InlineData("instead: zzz", 14, "'zzz' is not a tactic of this file, which has help", null)]
    [InlineData("instead: help", 14, "'help' cannot stand back for itself", null)]
    [InlineData("experiment: { variants: [{ name: A, weight: 1 }] }", 29, "a list of two or more variants is too short", null)]
    [InlineData("experiment: { variants: [{ name: A, weight: 1 }, { name: A, weight: 1 }] }", 62, "two variants are called 'A'", null)]
    [InlineData("experiment: { variants: [{ name: A, weight: 0 }, { name: B, weight: 1 }] }", 49, "nobody would ever get this variant", null)]
    [InlineData("experiment: { variants: [{ name: A }, { name: B, weight: 1 }] }", 30, "a variant needs 'weight'", null)]
    [InlineData("experiment: { variants: [{ name: A, wieght: 1, weight: 2 }, { name: B, weight: 1 }] }", 41, "'wieght' is not a key of a variant", "weight")]
    [InlineData("name: again", 5, "'name' is already written in line 3", null)]
    [InlineData("<<: *base", 9, "'*base' is an alias", null)]
    [InlineData("expires: &e 30 s", 14, "'&e' is an anchor", null)]
    [InlineData("expires: !!str 30 s", 14, "is a YAML tag", null)]
    [InlineData("? [a, b]\n    : c", 7, "a list stands where the name of a key belongs", null)]
    public void A_mistake_in_a_tactic_is_pointed_at(string line, int column, string message, string? suggestion) =>
        AssertOnly($"{Tactic}    {line}\n", 6, column, message, suggestion);

    [Theory]
    [InlineData("exit-intnt", 9, "'exit-intnt' is not a trigger", "exit_intent")]
    [InlineData("dwell", 9, "'dwell' is not a trigger", "page_dwell")]
    [InlineData("full_moon", 9, "it is one of page_dwell, exit_intent, event, abandoned", null)]
    [InlineData("page_dwell", 9, "'page_dwell' alone does not say enough: write { page_dwell: cart, after: 45 s }", null)]
    [InlineData("{ page_dwell: cart }", 9, "the trigger 'page_dwell' needs 'after'", null)]
    [InlineData("{ page_dwel: cart, after: 45 s }", 11, "'page_dwel' is not a trigger", "page_dwell")]
    [InlineData("{ after: 45 s }", 9, "this trigger does not say what it is", null)]
    [InlineData("{ page_dwell: cart, after: 0 s }", 36, "it must be longer than nothing", null)]
    [InlineData("{ page_dwell: cart, aftr: 45 s, after: 1m }", 29, "'aftr' is not a key of the trigger 'page_dwell'", "after")]
    [InlineData("{ abandoned: 1h, after: 45 s }", 26, "'after' does not go with 'abandoned', only with 'page_dwell'", null)]
    [InlineData("{ event: cuopon_denied }", 18, "'cuopon_denied' is not an event", "coupon_denied")]
    [InlineData("{ event: full_moon }", 18, "and others (config/tactics.schema.json has them all)", null)]
    [InlineData("{ event: page, abandoned: 1h }", 24, "'event' and 'abandoned' stand in one trigger", null)]
    [InlineData("{ exit_intent: { confidence: 60 } }", 38, "'60' is not a confidence: it has no percent sign", "60%")]
    [InlineData("{ exit_intent: { confidence: 101% } }", 38, "write a share from 0% to 100%", null)]
    [InlineData("{ exit_intent: { confidence: 60.5% } }", 38, "'60.5%' is not a confidence", null)]
    [InlineData("[exit_intent]", 9, "a list stands where a trigger belongs", null)]
    public void A_mistake_in_a_trigger_is_pointed_at(string trigger, int column, string message, string? suggestion) =>
        AssertOnly($"version: v1\ntactics:\n  - name: help\n    on: {trigger}\n    do: {{ email: t }}\n", 4, column, message, suggestion);

    [Theory]
    [InlineData("{ chat_promt: t }", 11, "'chat_promt' is not an action", "chat_prompt")]
    [InlineData("{ sms: t }", 11, "'sms' is not an action", "sms_reminder")]
    [InlineData("{ email:t }", 11, "'email:t' is not an action: a key ends with ':' and a blank", null)]
    [InlineData("{ cart_abandoned: t }", 11, "'cart_abandoned' is not an action: it is one of chat_prompt, email, sms_reminder, vip_escalation", null)]
    [InlineData("email", 9, "'email' alone does not say enough: write { email: cart-reminder }", null)]
    [InlineData("{ email: t, agent: anna }", 21, "'agent' does not go with 'email', only with 'vip_escalation'", null)]
    [InlineData("{ email: t, sms_reminder: t }", 21, "'email' and 'sms_reminder' stand in one action", null)]
    [InlineData("{ email: cart help }", 18, "'cart help' is not a template", "cart-help")]
    [InlineData("{ email: true }", 18, "'true' is not a template: YAML reads it as yes or no", null)]
    [InlineData("{ email: [a, b] }", 18, "a list stands where a template belongs", null)]
    [InlineData("{ email: t, offer: 10 % }", 28, "'10 %' is not an offer", null)]
    [InlineData("{ vip_escalation: t, agent: Anna Keller }", 37, "'Anna Keller' is not an agent", "anna.keller")]
    [InlineData("{ sms_reminder: t, delay: 6h }", 35, "this can never be sent: it waits 6 h, and is of use for 6 h only", null)]
    public void A_mistake_in_an_action_is_pointed_at(string action, int column, string message, string? suggestion) =>
        AssertOnly($"version: v1\ntactics:\n  - name: help\n    on: exit_intent\n    do: {action}\n", 5, column, message, suggestion);

    [Theory]
    [InlineData("{ page_dwell: cart, after: 1m }", "page: [product, home]", "it waits on a cart page, and asks for another one")]
    [InlineData("{ abandoned: 1h }", "phase: carting", "after 'abandoned' the phase is abandoned")]
    public void A_tactic_that_can_never_fire_is_a_mistake(string trigger, string condition, string message) =>
        AssertOnly($"version: v1\ntactics:\n  - name: help\n    on: {trigger}\n    do: {{ email: t }}\n    if:\n      {condition}\n",
            7, condition.IndexOf(' ', StringComparison.Ordinal) + 8, message, suggestion: null);

    [Theory]
    [InlineData("holdout: 10", 10, "'10' is not a share: it has no percent sign", "10%")]
    [InlineData("holdout: 110%", 10, "write a share from 0% to 100%, such as 10%", null)]
    [InlineData("holdot: 10%", 1, "'holdot' is not a key of the tactics file", "holdout")]
    [InlineData("name: x", 1, "'name' is not a key of the tactics file", null)]
    [InlineData("holdout_salt: two words", 15, "'two words' is not a salt", "two-words")]
    [InlineData("version: v2", 1, "'version' is already written in line 1", null)]
    public void A_mistake_at_the_top_is_pointed_at(string line, int column, string message, string? suggestion) =>
        AssertOnly($"{Tactic}{line}\n", 6, column, message, suggestion);

    [Fact]
    public void A_tactic_without_its_needed_keys_says_which()
    {
        var mistakes = TacticsFile.Parse("tactics:\n  - expires: 30 s\n", "t.yaml").Mistakes;

        Assert.Equal(
            [
                "t.yaml:1:1: the tactics file needs 'version': write version: \"2026-11-01\"",
                "t.yaml:2:5: a tactic needs 'name': write name: cart-chat",
                "t.yaml:2:5: a tactic needs 'on': write on: { page_dwell: cart, after: 45 s }",
                "t.yaml:2:5: a tactic needs 'do': write do: { chat_prompt: cart-help }",
            ],
            mistakes.Select(m => m.ToString()),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Two_tactics_of_one_name_are_a_mistake() =>
        AssertOnly($"{Tactic}  - name: help\n    on: exit_intent\n    do: {{ email: t }}\n", 6, 11, "two tactics are called 'help': the first is in line 3", suggestion: null);

    [Theory]
    [InlineData("b", "a", "a -> b -> a")]
    [InlineData("b", "c", null)]
    [InlineData("[c, b]", "c", null)]
    public void Tactics_that_stand_back_in_a_circle_are_a_mistake(string insteadOfA, string insteadOfB, string? circle)
    {
        var mistakes = TacticsFile.Parse(
            "version: v1\ntactics:\n" +
            $"  - {{ name: a, on: exit_intent, do: {{ email: t }}, instead: {insteadOfA} }}\n" +
            $"  - {{ name: b, on: exit_intent, do: {{ email: t }}, instead: {insteadOfB} }}\n" +
            "  - { name: c, on: exit_intent, do: { email: t } }\n", "t.yaml").Mistakes;

        if (circle is null)
        {
            Assert.Empty(mistakes);
            return;
        }
        var mistake = Assert.Single(mistakes);
        Assert.Equal((4, 60), (mistake.Line, mistake.Column));
        Assert.EndsWith(circle, mistake.Message, StringComparison.Ordinal);
    }

    private static void AssertOnly(string yaml, int line, int column, string message, string? suggestion)
    {
        var result = TacticsFile.Parse(yaml, "t.yaml");
        Assert.Null(result.Definition);
        var mistake = Assert.Single(result.Mistakes);
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(suggestion, mistake.Suggestion);
    }
}
