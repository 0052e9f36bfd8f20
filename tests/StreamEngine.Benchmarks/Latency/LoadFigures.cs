using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Latency;

/// <param name="Percent">Of the highest load.</param>
/// <param name="Rate">Clicks a second.</param>
public sealed record LoadFigures(int Percent, double Rate)
{
    public List<Latencies> Echo { get; } = [];

    public List<Latencies> Engine { get; } = [];

    public List<Latencies> Of(Answerer who) => who == Answerer.Engine ? Engine : Echo;

    /// <summary>Of the same percentile in each round.</summary>
    public Median Middle(Answerer who, double percent) => Median.Of(Of(who).Select(latencies => latencies.Percentile(percent)));

    /// <summary>Round by round: both ran within the same minutes.</summary>
    public Median Ratio(double percent) => Median.Of(Engine.Zip(Echo, (engine, echo) => engine.Percentile(percent) / echo.Percentile(percent)));
}
