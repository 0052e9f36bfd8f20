namespace StreamEngine.Oracle.Tests;

public sealed class StoryTests(ITestOutputHelper output)
{
    private const int Stories = 10_000;

    /// <summary>STREAMENGINE_SEED runs one story alone.</summary>
    [Fact]
    public void Engine_and_oracle_agree_on_ten_thousand_random_stories()
    {
        var named = Environment.GetEnvironmentVariable("STREAMENGINE_SEED");
        var seeds = named is { Length: > 0 } ? [int.Parse(named, null)] : Enumerable.Range(1, Stories);
        output.WriteLine(named is { Length: > 0 } ? $"Seed {named}." : $"Seeds 1 to {Stories}.");
        var clicks = 0L;
        foreach (var seed in seeds)
        {
            var story = new StoryWriter(seed).Write();
            if (Comparison.Of(story).Length > 0)
            {
                var shortest = StoryShrinker.Shrink(story, s => s.Steps.Count > 0 && Comparison.Of(s).Length > 0);
                Assert.Fail($"Seed {seed} shows a difference; its shortest story:{shortest}\n{Comparison.Of(shortest)}");
            }
            clicks += story.Steps.Count;
        }
        output.WriteLine($"{clicks} clicks agreed");
    }
}
