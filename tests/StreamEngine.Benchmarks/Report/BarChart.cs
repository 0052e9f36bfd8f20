namespace StreamEngine.Benchmarks.Report;

/// <param name="Low">The lowest round; <paramref name="High"/> the highest.</param>
/// <param name="Text">The value as it is to be read.</param>
/// <param name="Kind">0 to 5: bars of one kind have one colour.</param>
public sealed record ChartBar(string Name, double Value, double Low, double High, string Text, int Kind);

/// <summary>Bars on one scale.</summary>
public sealed record BarChart(string Caption, IReadOnlyList<ChartBar> Bars);
