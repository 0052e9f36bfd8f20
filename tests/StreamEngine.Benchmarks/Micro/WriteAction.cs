using BenchmarkDotNet.Attributes;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>The document of an action that a tactic decided: a cart of three lines, three reasons.</summary>
public class WriteAction
{
    private CartAction _action = null!;

    [GlobalSetup]
    public void Decide()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(ClickExamples.Identify("ann@example.com", "+41790000000", "de-CH"));
        carts.Feed(ClickExamples.Consent(Channel.Sms, ConsentState.Granted));
        for (var i = 0; i < 3; i++)
        {
            carts.Feed(ClickExamples.Add($"sku-{i}", 1, 12.5m));
        }
        carts.Advance(SessionDriver.Hour / 2);
        carts.Advance(3 * SessionDriver.Hour);
        _action = carts.ActionsOf("sms-3h")[0];
        if (_action.Cart.Lines.Count != 3 || _action.Reasons.Count != 3)
        {
            throw new InvalidOperationException($"The action tells {_action.Cart.Lines.Count} lines for {_action.Reasons.Count} reasons.");
        }
    }

    [Benchmark]
    public int Write() => ActionDocument.Write(_action).Length;
}
