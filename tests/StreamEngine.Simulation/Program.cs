using System.CommandLine;
using System.Globalization;
using StreamEngine.Simulation.Planted;
using StreamEngine.Simulation.Runs;

if (args is [PlantedCommand.HuntWord, ..] && BugHunt.IsPossible)
{
    return PlantedCommand.Hunt(args[1..]);
}
var seeds = new Option<int>("--seeds") { Description = "Play so many seeds.", DefaultValueFactory = static _ => 100 };
var from = new Option<int>("--from") { Description = "The first of them.", DefaultValueFactory = static _ => 1 };
var one = new Option<int?>("--seed") { Description = "Play this seed alone and tell its story: faults, take-overs, and what went wrong first." };
var whole = new Option<bool>("--whole") { Description = "With --seed: tell everything, also every click that was read and every commit." };
var threads = new Option<int>("--threads") { Description = "Seeds at a time, each in one thread; 0 for one a core.", DefaultValueFactory = static _ => 0 };
var planted = new Option<string[]?>("--planted")
{
    Description = "Plant bugs in a copy of the product and count the seeds until each is found. Names of bugs, or none for all.",
    Arity = ArgumentArity.ZeroOrMore,
    AllowMultipleArgumentsPerToken = true,
    HelpName = "BUG",
};
var root = new RootCommand("Several production nodes in one thread on virtual time, with a broker, a database and clocks that fail. Exits with 1 where a checker complains.")
{
    seeds, from, one, whole, threads, planted,
};
root.SetAction(arguments =>
{
    if (arguments.GetResult(planted) is { Implicit: false })
    {
        var max = arguments.GetResult(seeds) is { Implicit: false } ? arguments.GetValue(seeds) : 1_000;
        return PlantedCommand.Run(Directory.GetCurrentDirectory(), arguments.GetValue(planted) ?? [], max, arguments.GetValue(threads));
    }
    return arguments.GetValue(one) is { } seed
        ? TellSeed(seed, arguments.GetValue(whole))
        : PlaySeeds(arguments.GetValue(from), arguments.GetValue(seeds), arguments.GetValue(threads));
});
return await root.Parse(args).InvokeAsync();

static int TellSeed(int seed, bool isWhole)
{
    var result = SeedRun.Play(seed, keepsLines: true);
    StoryTeller.Tell(result, isWhole, Console.Out);
    return result.Complaints.Count == 0 ? 0 : 1;
}

static int PlaySeeds(int from, int count, int threads)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seeds {from} to {from + count - 1}"));
    var result = SeedBatch.Play(from, count, threads, Console.Error.WriteLine);
    Console.WriteLine(result.Figures);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Took.TotalSeconds:0} s, {count / result.Took.TotalSeconds:0.00} seeds/s"));
    foreach (var seed in result.Failed.Keys)
    {
        Console.WriteLine($"Failed: seed {seed}. Look at it: scripts/simulate --seed {seed}");
    }
    Console.WriteLine(result.Failed.Count == 0 ? "No complaint." : $"{result.Failed.Count} seeds failed.");
    return result.Failed.Count == 0 ? 0 : 1;
}
