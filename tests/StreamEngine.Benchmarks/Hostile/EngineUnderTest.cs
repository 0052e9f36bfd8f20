using System.Globalization;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>The engine as it is run in earnest, a process of its own, with a tactic that answers at once.</summary>
internal sealed class EngineUnderTest : IDisposable
{
    private const string Tactics = """
        version: "hostile-1"
        holdout: 0%
        tactics:
          - name: at-once
            on: { exit_intent: { confidence: 60% } }
            do: { chat_prompt: stay }
            limit: { per_visitor: 1 }
            expires: 10m
        """;

    private readonly ChildProcess _process;

    public EngineUnderTest(HostilePlan plan, KafkaSettings kafka, string folder)
    {
        var tactics = Path.Combine(folder, "tactics.yaml");
        File.WriteAllText(tactics, Tactics);
        string[] settings =
        [
            $"Kafka:BootstrapServers={kafka.BootstrapServers}", $"Kafka:ClicksTopic={kafka.ClicksTopic}", $"Kafka:ActionsTopic={kafka.ActionsTopic}",
            $"Kafka:DeadTopic={kafka.DeadTopic}", $"Kafka:GroupId={kafka.GroupId}", $"Store:Path={Path.Combine(folder, "engine.db")}", $"Tactics:Path={tactics}",
            string.Create(CultureInfo.InvariantCulture, $"Engine:Workers={plan.Workers}"),
            string.Create(CultureInfo.InvariantCulture, $"Engine:BrowsersMax={HostilePlan.BrowsersMax}"),
        ];
        _process = ChildProcess.Start("dotnet", [HostPath(), "run", .. settings.SelectMany(static s => new[] { "--set", s })]);
    }

    public bool HasEnded => _process.HasExited;

    public long PeakMemoryBytes => _process.PeakMemoryBytes;

    public TimeSpan CpuTime => _process.CpuTime;

    public IEnumerable<string> LastLines => _process.Lines.TakeLast(10);

    public void Dispose() => _process.Dispose();

    /// <summary>Beside this program's own folder, built with it.</summary>
    private static string HostPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamEngine.sln")))
        {
            folder = folder.Parent;
        }
        var path = Path.Combine(folder?.FullName ?? "", "src", "StreamEngine.Host", "bin", "Release", "net10.0", "streamengine.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("The engine is not built: run scripts/streamengine --help once", path);
    }
}
