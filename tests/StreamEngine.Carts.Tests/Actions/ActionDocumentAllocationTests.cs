using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Carts.Tests.Actions;

public sealed class ActionDocumentAllocationTests
{
    [Fact]
    public void A_document_allocates_nothing()
    {
        var action = new CartAction
        {
            Id = new ActionId(1, 2),
            Kind = ActionKind.Email,
            Visitor = "visitor-1",
            Tactic = "email-1h",
            TacticsVersion = "1",
            Episode = 1,
            Occurrence = 1,
            DueMs = SessionDriver.StartMs,
            NotBeforeMs = SessionDriver.StartMs,
            ExpiresMs = SessionDriver.StartMs + SessionDriver.Hour,
            Cancels = new ActionId(3, 4),
            Reasons = { "abandoned 1h" },
            Cart = { Phase = CartPhase.Abandoned, ValueMinor = 12_000, Currency = Currency.Parse("EUR"), Lines = { new CartLine("shoe"u8.ToArray(), "Shoe"u8.ToArray(), 2, 6_000) } },
        };
        action.Cart.CartId.AddRange("cart-1"u8);
        ActionDocument.Write(action);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            ActionDocument.Write(action);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
