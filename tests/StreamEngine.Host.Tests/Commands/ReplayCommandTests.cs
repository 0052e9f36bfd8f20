using System.IO.Compression;
using System.Text.Json;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Storage.Sqlite;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>generate and replay as processes: what one plans the other must find.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public async Task A_replay_of_generated_clicks_finds_what_was_planned(int shards)
    {
        var generate = await RunAsync("generate", "--out", "clicks.jsonl", "--shoppers", "2500", "--rate", "20", "--cart-share", "0.4", "--expected", "expected.json");
        Assert.True(generate.ExitCode == 0, generate.Error);
        var planned = ExpectedFigures.FromJson(await File.ReadAllTextAsync(Path.Combine(_directory.Path, "expected.json")));
        Assert.Contains("clicks to clicks.jsonl", generate.Error, StringComparison.Ordinal);

        var replay = await ReplayAsync("clicks.jsonl", "--json", "--db", "replay.db", "--shards", $"{shards}");
        Assert.True(replay.ExitCode == 0, replay.Error);

        using var summary = JsonDocument.Parse(replay.Output);
        Assert.Equal((planned.Records, planned.Records), (Number(summary, "clicks"), Number(summary, "rows")));
        Assert.Equal(0, Number(summary, "unreadableRows"));
        Assert.Equal(ShopFigures.NoticedDuplicates(planned), Number(summary, "verdicts", "duplicate"));
        Assert.Equal(planned.CartsAbandoned, Number(summary, "actions", "cart_abandoned"));
        Assert.Equal(planned.CartsRecovered, Number(summary, "actions", "cart_recovered"));
        using var store = SqliteStoreReader.Open(Path.Combine(_directory.Path, "replay.db"));
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(store.ReadSummary()));
    }

    [Theory]
    [InlineData("rees46-2019-10-01-17k.csv.gz", 8_717, 8_717, 2, 75)]
    [InlineData("taobao-userbehavior-96k.csv.gz", 48_296, 48_296, 0, 2_621)]
    [InlineData("otto-sessions-sample.jsonl", 10, 548, 0, 60)]
    [InlineData("simple-onlineshop-32k.csv.gz", 16_145, null, 0, 1_424)]
    public async Task A_recorded_clickstream_gives_the_same_plausible_figures_each_time(string file, long rows, int? clicks, int repeatedMax, int abandonedMax)
    {
        var path = SharedFile.PathOf("data/clickstream/" + file);
        var runs = new List<string>();
        foreach (var shards in (string[])["8", "8", "3"])
        {
            var replay = await ReplayAsync(path, "--json", "--shards", shards);
            Assert.True(replay.ExitCode == 0, replay.Error);
            using var summary = JsonDocument.Parse(replay.Output);
            Assert.Equal((rows, 0), (Number(summary, "rows"), Number(summary, "unreadableRows")));
            Assert.True(clicks is null || Number(summary, "clicks") == clicks);
            Assert.Equal(Number(summary, "clicks"), summary.RootElement.GetProperty("verdicts").EnumerateObject().Sum(static v => v.Value.GetInt64()));
            Assert.Equal((0, 0), (Number(summary, "verdicts", "malformed"), Number(summary, "verdicts", "throttled")));
            Assert.InRange(Number(summary, "verdicts", "duplicate"), 0, repeatedMax);
            Assert.InRange(Number(summary, "actions", "cart_abandoned"), 1, abandonedMax);
            runs.Add($"{summary.RootElement.GetProperty("verdicts")} {summary.RootElement.GetProperty("sessions")} {summary.RootElement.GetProperty("actions")}");
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);
    }

    [Fact]
    public async Task A_missing_file_is_named_and_exits_with_3()
    {
        var replay = await ReplayAsync("no.jsonl");
        Assert.Equal((3, ""), (replay.ExitCode, replay.Output));
        Assert.StartsWith("streamengine: no.jsonl cannot be read: ", replay.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_answered_with_those_that_are_known()
    {
        _directory.Write("x.csv", "a,b\n1,2\n");
        foreach (var args in (string[][])[["x.csv"], ["x.csv", "--format", "parquet"]])
        {
            var replay = await ReplayAsync(args);
            Assert.Equal((3, ""), (replay.ExitCode, replay.Output));
            Assert.Contains("rees46", replay.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_that_exists_is_left_alone()
    {
        _directory.Write("x.jsonl", "{}\n");
        var database = _directory.Write("old.db", "precious");
        var replay = await ReplayAsync("x.jsonl", "--format", "segment-json", "--db", "old.db");
        Assert.Equal((2, ""), (replay.ExitCode, replay.Output));
        Assert.Contains("old.db exists", replay.Error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(database));
    }

    [Fact]
    public async Task Broken_rows_are_told_with_their_line_and_the_others_are_played()
    {
        var generate = await RunAsync("generate", "--out", "clicks.jsonl", "--shoppers", "50");
        Assert.True(generate.ExitCode == 0, generate.Error);
        var lines = await File.ReadAllLinesAsync(Path.Combine(_directory.Path, "clicks.jsonl"));
        _directory.Write("broken.jsonl", string.Join('\n', lines[..30].Append("{ not json").Concat(lines[30..])) + "\n");

        var replay = await ReplayAsync("broken.jsonl", "--json");

        Assert.Equal(1, replay.ExitCode);
        Assert.Contains("31", replay.Error, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(replay.Output);
        Assert.Equal((lines.Length, 1), (Number(summary, "clicks"), Number(summary, "unreadableRows")));
    }

    [Fact]
    public async Task A_gzip_file_that_was_cut_off_is_not_taken_for_a_whole_one()
    {
        var generate = await RunAsync("generate", "--out", "clicks.jsonl", "--shoppers", "300");
        Assert.True(generate.ExitCode == 0, generate.Error);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(await File.ReadAllBytesAsync(Path.Combine(_directory.Path, "clicks.jsonl")));
        }
        await File.WriteAllBytesAsync(Path.Combine(_directory.Path, "cut.jsonl.gz"), packed.ToArray()[..(int)(packed.Length / 2)]);

        var replay = await ReplayAsync("cut.jsonl.gz", "--json");

        Assert.True(replay.ExitCode is 1 or 3, $"exit code {replay.ExitCode}");
        Assert.NotEmpty(replay.Error);
    }

    private Task<ChildProcess> RunAsync(params string[] args) => ChildProcess.StreamEngineAsync(_directory.Path, args);

    private Task<ChildProcess> ReplayAsync(params string[] args) => RunAsync(["replay", .. args, "--set", "Tactics:Path=" + Checkout.PathOf("config/tactics.yaml")]);

    private static long Number(JsonDocument summary, string name, string? part = null)
    {
        var value = summary.RootElement.GetProperty(name);
        return part is null ? value.GetInt64() : value.TryGetProperty(part, out var inner) ? inner.GetInt64() : 0;
    }
}
