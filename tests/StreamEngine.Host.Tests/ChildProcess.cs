using System.Diagnostics;

namespace StreamEngine.Host.Tests;

internal sealed record ChildProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Generous: a loaded machine may also be building. It is a bound on a hang, not on speed.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(8);

    public static Task<ChildProcess> StreamEngineAsync(string directory, params string[] args) =>
        RunAsync(directory, new Dictionary<string, string?>(StringComparer.Ordinal), "dotnet", [Path.Combine(AppContext.BaseDirectory, "streamengine.dll"), .. args]);

    /// <param name="environment">On top of this process's own, without its settings; null removes a variable.</param>
    public static async Task<ChildProcess> RunAsync(string directory, IReadOnlyDictionary<string, string?> environment, string file, params string[] args)
    {
        var start = new ProcessStartInfo(file, args)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var setting in start.Environment.Keys.Where(static name => name.StartsWith("STREAMENGINE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(setting);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var bound = new CancellationTokenSource(WaitMax);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return new ChildProcess(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
