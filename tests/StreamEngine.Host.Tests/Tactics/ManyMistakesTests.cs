using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

public sealed class ManyMistakesTests
{
    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once_in_its_order()
    {
        const string Yaml =
            """
            version:
            holdout: 10
            tactics:
              - name: cart chat
                on: exit-intnt
                if: { pahse: [carting], value: 500+, consent: [sms, sms] }
                do: { chat_promt: help, agent: anna }
                limit: { per_cart: 0, window: { every: 100d } }
                instead: emial
              - on: { page_dwell: cart }
                do: *base
                expires: 24
              - name: email
                on: { event: cuopon_denied }
                do: { email: mail }
                name: email
            """;
        Assert.Equal(
            [
                "t.yaml:1:1: 'version' has no value: write version: \"2026-11-01\"",
                "t.yaml:2:10: '10' is not a share: it has no percent sign; did you mean '10%'?",
                "t.yaml:4:11: 'cart chat' is not a name for a tactic: write small letters, digits, '-' and '_', 64 at most; did you mean 'cart-chat'?",
                "t.yaml:5:9: 'exit-intnt' is not a trigger; did you mean 'exit_intent'?",
                "t.yaml:6:11: 'pahse' is not a key of a group of conditions; did you mean 'phase'?",
                "t.yaml:6:36: '500+' is not a value range: write \">= 500\", \"< 50\" or 20..500; the lower end is included, the upper is not; did you mean '>= 500'?",
                "t.yaml:6:57: 'sms' stands twice in this list",
                "t.yaml:7:11: 'chat_promt' is not an action; did you mean 'chat_prompt'?",
                "t.yaml:7:29: 'agent' does not go with 'chat_prompt', only with 'vip_escalation'",
                "t.yaml:8:24: '0' is not a limit: the tactic would never fire; leave the key out for no limit",
                "t.yaml:8:35: a window needs 'count': write count: 2",
                "t.yaml:8:44: '100d' is not a duration: it is 90d at most, for as long as the engine looks ahead",
                "t.yaml:9:14: 'emial' is not a tactic of this file; did you mean 'email'?",
                "t.yaml:10:5: a tactic needs 'name': write name: cart-chat",
                "t.yaml:10:9: the trigger 'page_dwell' needs 'after': write after: 45 s",
                "t.yaml:11:9: '*base' is an alias, which a tactics file does not have: write the value out",
                "t.yaml:12:14: '24' is not a duration: it has no unit (s, m, h or d); did you mean '24 s'?",
                "t.yaml:14:18: 'cuopon_denied' is not an event; did you mean 'coupon_denied'?",
                "t.yaml:16:5: 'name' is already written in line 13: keep one of the two",
            ],
            TacticsFile.Parse(Yaml, "t.yaml").Mistakes.Select(m => m.ToString()),
            StringComparer.Ordinal);
    }

    [Fact]
    public void A_mistaken_name_is_not_missed_by_those_who_spell_it_the_same_way()
    {
        // The name is wrong once; telling it again at every mention would bury the cause.
        var mistakes = TacticsFile.Parse(
            "version: v1\ntactics:\n" +
            "  - { name: Email, on: exit_intent, do: { email: t } }\n" +
            "  - { name: vip, on: exit_intent, do: { email: t }, instead: email }\n", "t.yaml").Mistakes;
        Assert.Equal("t.yaml:3:13: 'Email' is not a name for a tactic: write small letters, digits, '-' and '_', 64 at most; did you mean 'email'?", Assert.Single(mistakes).ToString());
    }
}
