using StreamEngine.Simulation.Runs;

foreach (var seed in args.Length > 1 ? [int.Parse(args[1], null)] : Enumerable.Range(1, int.Parse(args[0], null)))
{
    var t = TimeProvider.System.GetTimestamp();
    var r = SeedRun.Play(seed, args.Length > 1);
    if (args.Length > 1) foreach (var l in r.Lines.Where(l => l.IsNews)) Console.WriteLine($"{TimeSpan.FromMilliseconds(l.AtMs - StreamEngine.Simulation.Worlds.World.StartMs)} {l.Who} {l.What}");
    Console.WriteLine($"{seed} {TimeProvider.System.GetElapsedTime(t).TotalMilliseconds:0} ms {r.Hash[..8]} {r.Figures}");
    foreach (var c in r.Complaints.Take(5)) Console.WriteLine($"   {c.Check} {TimeSpan.FromMilliseconds(c.AtMs - StreamEngine.Simulation.Worlds.World.StartMs)} {c.What}");
}
