using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

internal static class Stories
{
    /// <summary>Eight visitors over an afternoon. All of them are remembered from their first click on, so a crash may cost them nothing.</summary>
    public static Story Afternoon { get; } = new StoryBuilder()
        .Add("ann", "shoe", 50).Page("ann", "Cart")
        .Identifies("bob").Add("bob", "hat", 20).Consents("bob", "sms")
        .Wait(1)
        .Add("cyd", "watch", 700).Page("cyd", "Cart").ExitIntent("cyd", 0.9).ExitIntent("cyd", 0.3)
        .Add("dan", "cap", 5).Again().Nonsense("dan")
        .Wait(0, 30)
        .Page("ann", "Home").Add("ann", "sock", 4).Page("ann", "Cart")
        .Wait(3)
        .Consents("eve", "sms").Add("eve", "coat", 120).Page("eve", "Checkout").Does("eve", "Checkout Started", "{\"value\":120}")
        .Does("eve", "Coupon Denied", "{\"coupon_id\":\"X\"}").Does("eve", "Coupon Denied", "{\"coupon_id\":\"Y\"}").Does("eve", "Coupon Denied", "{\"coupon_id\":\"Z\"}")
        .Leaves("dan").Leaves("eve")
        .Wait(4)
        .Add("fay", "ring", 300).Buys("fay", "o-1", 300).Page("fay", "Home")
        .Page("dan", "Cart").ExitIntent("dan", 0.8)
        .Wait(10)
        .Buys("ann", "o-2", 54).Again().Add("ann", "belt", 9)
        .Add("gus", "tie", 15).Add("gus", "pin", 3).Does("gus", "Product Removed", "{\"product_id\":\"pin\"}")
        .Identifies("hal").Add("hal", "book", 25)
        .Wait(50)
        .Page("bob", "Cart").ExitIntent("bob", 0.9).Does("bob", "Coupon Denied", "{\"coupon_id\":\"Q\"}")
        .Nonsense("nobody").Raw("gus", "[]"u8.ToArray(), skip: 3)
        .Wait(45)
        .Page("hal", "Cart").Buys("hal", "o-3", 25)
        .Wait(77)
        .Buys("eve", "o-4", 120)
        .Wait(3)
        .Add("gus", "tie", 15).Leaves("gus")
        .Wait(95)
        .Buys("bob", "o-5", 20)
        .Add("cyd", "strap", 30).Page("cyd", "Checkout")
        .Wait(31)
        .Buys("cyd", "o-6", 730).Add("dan", "cap", 5)
        .Wait(2)
        .Page("dan", "Cart").Add("fay", "chain", 80)
        .End(StoryTactics.Standard);

    /// <summary>Small, for faults in pairs: a chat prompt, a reminder, a record that cannot be read, a purchase that recovers a cart.</summary>
    public static Story Errand { get; } = new StoryBuilder()
        .Add("ann", "shoe", 50).Page("ann", "Cart")
        .Consents("eve", "sms").Add("eve", "hat", 20).Nonsense("bob")
        .Wait(1)
        .Leaves("ann").ExitIntent("eve", 0.9)
        .Wait(70)
        .Buys("ann", "o-1", 50)
        .Add("dan", "cap", 5)
        .End(StoryTactics.Standard, hours: 4);
}
