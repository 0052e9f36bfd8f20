using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>The parts of a click's way, one by one: time and bytes of each.</summary>
public static class MicroCommand
{
    private static readonly Type[] s_all = [typeof(ParseClick), typeof(RunTurn), typeof(ArmDeadline), typeof(EncodeSession), typeof(RecoverShard), typeof(WakeSession), typeof(WriteAction)];

    public static Command Create()
    {
        var filter = new Option<string[]>("--filter") { Description = "Names to run: parse, turn, arm, encode, recover, wake, write.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var isShort = new Option<bool>("--short") { Description = "Three short rounds instead of as many as it takes." };
        var folder = new Option<string>("--out") { Description = "Where BenchmarkDotNet's files go.", DefaultValueFactory = static _ => "artifacts/bench/micro" };
        var command = new Command("micro", "Parse, turn, arm, encode, recover, wake, write: nanoseconds and bytes of each, by BenchmarkDotNet.") { filter, isShort, folder };
        command.SetAction(args =>
        {
            var names = args.GetValue(filter)!;
            var types = s_all.Where(type => names.Length == 0 || names.Any(name => type.Name.Contains(name, StringComparison.OrdinalIgnoreCase))).ToArray();
            if (types.Length == 0)
            {
                Console.Error.WriteLine($"--filter {string.Join(' ', names)} names no benchmark: parse, turn, arm, encode, recover, wake, write are there.");
                return 2;
            }
            var config = Config(args.GetValue(isShort)).WithArtifactsPath(args.GetValue(folder)!);
            return types.All(type => !BenchmarkRunner.Run(type, config).HasCriticalValidationErrors) ? 0 : 1;
        });
        return command;
    }

    /// <summary>In this process: a generated project would be built under this repository's rules, which are not made for it.</summary>
    private static ManualConfig Config(bool isShort) => ManualConfig.CreateEmpty()
        .AddJob((isShort ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief);
}
