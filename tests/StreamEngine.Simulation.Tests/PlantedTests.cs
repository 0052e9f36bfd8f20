using StreamEngine.Simulation.Planted;

namespace StreamEngine.Simulation.Tests;

public sealed class PlantedTests
{
    private static readonly string Checkout = FindCheckout();

    [Fact]
    public void Every_bug_can_be_planted()
    {
        var files = PlantedTree.Plant(Bugs.All, file => File.ReadAllText(Path.Combine(Checkout, "src", file)));
        Assert.All(Bugs.All, bug => Assert.Contains(files.Values, text => text.Contains($"Planted.Is(\"{bug.Name}\")", StringComparison.Ordinal)));
        Assert.True(Bugs.All.Count >= 20);
        Assert.Equal(Bugs.All.Count, Bugs.All.Select(bug => bug.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("the text", "no longer contains")]
    [InlineData("twice, twice", "contains more than once")]
    public void A_bug_whose_place_is_not_there_stops_everything(string source, string said)
    {
        var error = Assert.Throws<InvalidOperationException>(() => PlantedTree.Plant([new Bug("a bug", "", new Edit("A.cs", "twice", "IS"))], _ => source));
        Assert.Contains($"The bug \"a bug\" cannot be planted: A.cs {said} this text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_product_has_no_bug_planted() => Assert.False(BugHunt.IsPossible);

    /// <summary>Some of the bugs, one a promise; scripts/simulate --planted hunts for all.</summary>
    [Fact]
    public void Planted_bugs_are_found()
    {
        string[] bugs =
        [
            "no epoch check", "offset one too far", "publish before commit", "deadline fired twice", "fired early", "cleaning drops a live segment", "segments read in reverse",
            "dirty session not written",
        ];
        Assert.Equal(0, PlantedCommand.Run(Checkout, bugs, seedsMax: 10, threads: 0));
    }

    private static string FindCheckout()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "StreamEngine.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No StreamEngine.sln above {AppContext.BaseDirectory}.");
        }
        return directory;
    }
}
