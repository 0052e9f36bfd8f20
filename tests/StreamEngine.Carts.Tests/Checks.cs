using FsCheck;

namespace StreamEngine.Carts.Tests;

/// <summary>Runs a property; a failure names the seed, and STREAMENGINE_SEED ("a,b" as printed) runs that one again.</summary>
internal static class Checks
{
    public static void Run(Property property, int tests = 200)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("STREAMENGINE_SEED") is { Length: > 0 } seed)
        {
            var parts = seed.Split(',');
            config = config.WithReplay(ulong.Parse(parts[0], null), ulong.Parse(parts[1], null));
        }
        property.Check(config);
    }
}
