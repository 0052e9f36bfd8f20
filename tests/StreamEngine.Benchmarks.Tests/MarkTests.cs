using StreamEngine.Benchmarks.Report;

namespace StreamEngine.Benchmarks.Tests;

public sealed class MarkTests
{
    [Theory]
    [InlineData(0.3, Standing.Missed)]
    [InlineData(0.4, Standing.FloorReached)]
    [InlineData(0.69, Standing.FloorReached)]
    [InlineData(0.7, Standing.GoalReached)]
    [InlineData(double.NaN, Standing.NoFigure)]
    public void Where_the_goal_is_above_the_floor_more_is_better(double value, Standing standing) =>
        Assert.Equal(standing, new Mark("ratio", value, "x", 0.4, 0.7).Standing);

    [Theory]
    [InlineData(501, Standing.Missed)]
    [InlineData(500, Standing.FloorReached)]
    [InlineData(20, Standing.GoalReached)]
    [InlineData(double.PositiveInfinity, Standing.NoFigure)]
    public void Where_the_goal_is_below_the_floor_less_is_better(double value, Standing standing) =>
        Assert.Equal(standing, new Mark("lateness", value, "ms", 500, 20).Standing);

    [Fact]
    public void A_chapter_is_read_back_as_it_was_written()
    {
        var folder = Directory.CreateTempSubdirectory("streamengine-bench-test-").FullName;
        try
        {
            var chapter = new Chapter("sample", "A sample")
            {
                Figures = Chapter.Raw(new[] { 1, 2 }),
                Marks = { new Mark("wrong", double.NaN, "x", 1, 2), new Mark("right", 3, "x", 1, 2) },
                Tables = { new ResultTable("Table", "a", "b").Row("x", "1 < 2") },
                Charts = { new BarChart("Chart", [new ChartBar("bar", 1, 1, 2, "1", 0)]) },
                Mistakes = { "one too many" },
            };
            Assert.Equal(1, chapter.Publish(folder));
            var read = Chapter.Load(Path.Combine(folder, "sample.json"));
            Assert.Equal(chapter.Marks, read.Marks);
            Assert.Equal(["x", "1 < 2"], Assert.Single(Assert.Single(read.Tables).Rows));
            Assert.Equal(chapter.Charts[0].Bars, read.Charts[0].Bars);
            Assert.Equal(chapter.Mistakes, read.Mistakes);
            var page = File.ReadAllText(Path.Combine(folder, "sample.html"));
            Assert.Contains("1 &lt; 2", page, StringComparison.Ordinal);
            Assert.Contains("WRONG RESULT: one too many", page, StringComparison.Ordinal);
            Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
