using Microsoft.Data.Sqlite;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>run as a process, where something is not as it must be: what is said, and the exit code.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start(8);
    private readonly Shop _shop;

    public RunCommandTests() => _shop = new Shop(new KafkaPart { BootstrapServers = _broker.BootstrapServers });

    public void Dispose()
    {
        _shop.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task Without_a_broker_it_says_where_it_looked_and_exits_with_3_soon()
    {
        var start = TimeProvider.System.GetTimestamp();
        var run = await RunAsync("--set", "Kafka:BootstrapServers=127.0.0.1:1");
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.Contains("streamengine: No Kafka broker answered at 127.0.0.1:1 within 15 s", run.Error, StringComparison.Ordinal);
        Assert.Contains("Kafka:BootstrapServers", run.Error, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Assert.False(File.Exists(_shop.Database));
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        // A pipe that nobody writes to holds it up while it reads its tactics: by then signals are heard.
        var pipe = Path.Combine(_shop.Directory, "tactics.yaml");
        Assert.Equal(0, (await ChildProcess.RunAsync(_shop.Directory, new Dictionary<string, string?>(StringComparer.Ordinal), "mkfifo", pipe)).ExitCode);
        using var engine = EngineProcess.Start(_shop.Directory, ["run", .. _shop.Arguments, "--set", "Tactics:Path=" + pipe]);
        await using var writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)).WaitAsync(Shop.Patience);
        engine.Signal("INT");
        await engine.LineAsync("Once more ends at once");
        engine.Signal("INT");
        Assert.Equal(130, (await engine.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("enigne", "--role knows no 'enigne'; did you mean engine?")]
    [InlineData("engine,web", "--role knows no 'web'; there is: engine")]
    [InlineData(",", "--role names what this node does: engine")]
    public async Task A_role_that_is_none_is_named_and_nothing_is_started(string role, string said)
    {
        var run = await RunAsync("--role", role);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_shop.Database));
    }

    [Fact]
    public async Task Missing_topics_are_named_with_the_command_that_creates_them()
    {
        var run = await RunAsync("--set", "Kafka:ClicksTopic=other");
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.Contains($"The topic other does not exist at {_broker.BootstrapServers}. Create it: streamengine topics create", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_with_another_number_of_partitions_than_the_store_was_made_for_is_refused()
    {
        Assert.Equal(0, (await RunAsync("--until-caught-up")).ExitCode);
        using var four = EmbeddedBroker.Start(4);
        var run = await RunAsync("--set", "Kafka:BootstrapServers=" + four.BootstrapServers);
        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.Contains(_shop.Database, run.Error, StringComparison.Ordinal);
        Assert.Matches("\\b8\\b.*\\b4\\b|\\b4\\b.*\\b8\\b", run.Error);
    }

    [Fact]
    public async Task Mistakes_in_the_tactics_are_listed_and_nothing_is_started()
    {
        var tactics = Path.Combine(_shop.Directory, "tactics.yaml");
        await File.WriteAllTextAsync(tactics, "version: \"1\"\ntactics:\n  - name: a\n    onn: exit_intent\n    do: { chat_promt: x }\n");
        var run = await RunAsync("--set", "Tactics:Path=" + tactics);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("tactics.yaml", run.Error, StringComparison.Ordinal);
        Assert.Contains("chat_prompt", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_shop.Database));
        run = await RunAsync("--set", "Tactics:Path=" + Path.Combine(_shop.Directory, "none.yaml"));
        Assert.True(run.ExitCode is 2 or 3, run.Error);
        Assert.Contains("none.yaml", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_engine_is_refused()
    {
        Assert.Equal(0, (await RunAsync("--until-caught-up")).ExitCode);
        await using (var connection = new SqliteConnection($"Data Source={_shop.Database};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_version (version, applied_ms) VALUES (999, 0)";
            await command.ExecuteNonQueryAsync();
        }
        foreach (var command in (string[])["run", "store"])
        {
            var run = await ChildProcess.StreamEngineAsync(_shop.Directory, command is "run" ? ["run", .. _shop.Arguments] : ["store", "info", .. _shop.Arguments]);
            Assert.Equal((3, ""), (run.ExitCode, run.Output));
            Assert.Contains("version 999", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task While_it_runs_the_store_can_be_looked_at_but_not_shared_and_a_signal_ends_it_in_order(string signal)
    {
        using var engine = EngineProcess.Start(_shop.Directory, ["run", .. _shop.Arguments]);
        await engine.LineAsync("taken over: epoch 1");

        var second = await RunAsync();
        Assert.Equal((3, ""), (second.ExitCode, second.Output));
        Assert.Contains("in use by another streamengine", second.Error, StringComparison.Ordinal);
        var info = await ChildProcess.StreamEngineAsync(_shop.Directory, ["store", "info", .. _shop.Arguments]);
        Assert.True(info.ExitCode == 0, info.Error);
        Assert.Contains("topic clicks", info.Output, StringComparison.Ordinal);

        engine.Signal(signal);
        var end = await engine.EndAsync();
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.StartsWith("Stopped.", end.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("--until-caught-up")).ExitCode);
    }

    private Task<ChildProcess> RunAsync(params string[] args) => ChildProcess.StreamEngineAsync(_shop.Directory, ["run", .. _shop.Arguments, .. args]);
}
