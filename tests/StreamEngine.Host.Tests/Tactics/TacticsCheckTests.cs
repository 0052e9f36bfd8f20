using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

public sealed class TacticsCheckTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_right_file_is_told_in_plain_sentences()
    {
        var (exitCode, text) = Check(
            """
            version: "7"
            holdout: 10%
            tactics:
              - name: cart-chat
                on: { page_dwell: cart, after: 45 s }
                if: { phase: [carting, checkout] }
                do: { chat_prompt: cart-help }
                limit: { per_cart: 1 }
              - name: vip
                on: { abandoned: 0 s }
                if: { value: ">= 500", currency: EUR, consent: [sms, email], segment: [new, dormant], device: mobile, locale: de }
                do: { vip_escalation: vip-call, agent: anna.keller, delay: 2m }
                limit: { per_visitor: 2, window: { count: 3, every: 7d } }
                instead: cart-chat
                experiment: { variants: [{ name: A, weight: 1 }, { name: B, weight: 2 }] }
              - { name: x, on: { event: coupon_denied }, do: { email: sorry, offer: X5 } }
            """);
        Assert.Equal(TacticsCheck.Right, exitCode);
        Assert.Equal(
            """
            3 tactics, version 7, hold-out 10 %:
              cart-chat: 45 s on the cart page, while carting or in checkout: chat prompt 'cart-help', once a cart
              vip:       as soon as the cart is abandoned, cart of 500 EUR or more, with consent for SMS and e-mail, new or dormant visitors, on mobile, in de: VIP escalation 'vip-call' to anna.keller after another 2 min, twice a visitor, 3 times in 7 d, in variants A (33.3 %) and B (66.7 %), instead of cart-chat
              x:         on 'coupon denied': e-mail 'sorry' with offer X5

            """, text);
    }

    [Fact]
    public void Mistakes_are_shown_in_their_lines_with_a_caret_below()
    {
        var (exitCode, text) = Check("version: v1\nholdout: 10\ntactics:\n  - name: a\n    on: exit-intnt\n    do: { email: t }\n");
        Assert.Equal(TacticsCheck.Wrong, exitCode);
        Assert.Equal(
            $"""
            {_path}:2:10: '10' is not a share: it has no percent sign; did you mean '10%'?
              2 | holdout: 10
                |          ^

            {_path}:5:9: 'exit-intnt' is not a trigger; did you mean 'exit_intent'?
              5 |     on: exit-intnt
                |         ^

            2 mistakes in {_path}

            """, text);
    }

    [Fact]
    public void A_long_line_is_cut_around_its_mistake()
    {
        var (_, text) = Check($"version: v1\ntactics: [{{ name: a, on: exit_intent, {new string(' ', 5000)}do: {{ emial: t }} }}]\n");
        var lines = text.Split('\n');
        Assert.Equal(lines[1].IndexOf("emial", StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
        Assert.True(lines[1].Length < 140, lines[1]);
        Assert.Contains("\n1 mistake in ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_terminal_is_safe_from_the_file()
    {
        var (_, text) = Check("version: v1\n\u001b[2Jholdout: 10%\n");
        Assert.DoesNotContain('\u001b', text);
    }

    [Theory]
    [InlineData("no-such-file.yaml")]
    [InlineData("no-such-folder/tactics.yaml")]
    [InlineData("")]
    [InlineData(".")]
    public void A_file_that_cannot_be_read_has_its_own_exit_code(string path)
    {
        var output = new StringWriter();
        Assert.Equal(TacticsCheck.Unreadable, TacticsCheck.Run(path, output));
        Assert.Contains("cannot be read: ", output.ToString(), StringComparison.Ordinal);
    }

    private (int ExitCode, string Text) Check(string yaml)
    {
        File.WriteAllText(_path, yaml);
        var output = new StringWriter { NewLine = "\n" };
        return (TacticsCheck.Run(_path, output), output.ToString());
    }
}
