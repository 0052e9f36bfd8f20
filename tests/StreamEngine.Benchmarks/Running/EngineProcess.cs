using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Running;

/// <summary>The engine as it is run in earnest, a process of its own, with a tactic that answers at once.</summary>
public static class EngineProcess
{
    private const string Tactics = """
        version: "at-once-1"
        holdout: 0%
        tactics:
          - name: at-once
            on: { exit_intent: { confidence: 60% } }
            do: { chat_prompt: stay }
            limit: { per_visitor: 1 }
            expires: 10m
        """;

    /// <param name="folder">Where its database and its tactics lie.</param>
    /// <param name="settings">Further settings, as "Section:Key=value".</param>
    public static ChildProcess Start(KafkaSettings kafka, string folder, params IEnumerable<string> settings)
    {
        var tactics = Path.Combine(folder, "tactics.yaml");
        File.WriteAllText(tactics, Tactics);
        string[] all =
        [
            $"Kafka:BootstrapServers={kafka.BootstrapServers}", $"Kafka:ClicksTopic={kafka.ClicksTopic}", $"Kafka:ActionsTopic={kafka.ActionsTopic}",
            $"Kafka:DeadTopic={kafka.DeadTopic}", $"Kafka:GroupId={kafka.GroupId}", $"Store:Path={Path.Combine(folder, kafka.GroupId + ".db")}", $"Tactics:Path={tactics}",
            .. settings,
        ];
        return ChildProcess.Start("dotnet", [HostPath(), "run", .. all.SelectMany(static s => new[] { "--set", s })]);
    }

    private static string HostPath()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "streamengine.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("The engine is built together with the benchmarks: start them by scripts/bench", path);
    }
}
