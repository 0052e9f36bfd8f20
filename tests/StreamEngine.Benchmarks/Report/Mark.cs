using System.Globalization;
using System.Text.Json.Serialization;

namespace StreamEngine.Benchmarks.Report;

/// <summary>How a figure stands to its floor and its goal. Names are those of the results file.</summary>
public enum Standing
{
    /// <summary>Nothing was measured, or the result of the run was wrong.</summary>
    NoFigure,

    Missed,
    FloorReached,
    GoalReached,
}

/// <summary>A figure that must reach a floor and is meant to reach a goal. Where the goal is below the floor, less is better.</summary>
/// <param name="Measure">What was measured, and of whom.</param>
/// <param name="Unit">As it is read behind a number: "x", "ms", "B", ...</param>
public sealed record Mark(string Measure, double Value, string Unit, double Floor, double Goal)
{
    public Standing Standing => !double.IsFinite(Value) ? Standing.NoFigure
        : Reaches(Goal) ? Standing.GoalReached
        : Reaches(Floor) ? Standing.FloorReached
        : Standing.Missed;

    [JsonIgnore]
    public string Verdict => Standing switch
    {
        Standing.NoFigure => "no figure",
        Standing.Missed => "MISSED",
        Standing.FloorReached => Floor.Equals(Goal) ? "reached" : "floor reached",
        Standing.GoalReached => Floor.Equals(Goal) ? "reached" : "goal reached",
        _ => throw new ArgumentOutOfRangeException(nameof(Standing), Standing, null),
    };

    /// <summary>The mark as a row: measure, figure, floor, goal, verdict.</summary>
    [JsonIgnore]
    public string[] Cells => [Measure, Text(Value), Text(Floor), Text(Goal), Verdict];

    public static string[] Columns { get; } = ["measure", "figure", "floor", "goal", ""];

    private bool Reaches(double bound) => Goal < Floor ? Value <= bound : Value >= bound;

    private string Text(double value) =>
        double.IsFinite(value) ? value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture) + " " + Unit : "-";
}
