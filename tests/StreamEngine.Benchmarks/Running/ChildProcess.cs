using System.Collections.Concurrent;
using System.Diagnostics;

namespace StreamEngine.Benchmarks.Running;

/// <summary>A program started for a measurement, its output kept by the line. It ends with this object, at the latest.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>Lines of stdout and stderr in the order of their arrival.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>User and system time since its start.</summary>
    public TimeSpan CpuTime => Refreshed().TotalProcessorTime;

    /// <summary>Resident now, in bytes.</summary>
    public long MemoryBytes => Refreshed().WorkingSet64;

    /// <summary>The most that was resident since its start, in bytes.</summary>
    public long PeakMemoryBytes => Refreshed().PeakWorkingSet64;

    /// <exception cref="InvalidOperationException">The program did not start.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }
        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += child.Keep;
        process.ErrorDataReceived += child.Keep;
        if (!process.Start())
        {
            throw new InvalidOperationException($"{program} did not start");
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <returns>False when the time is over before the process has ended.</returns>
    public bool WaitForExit(TimeSpan wait) => _process.WaitForExit(wait);

    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs args)
    {
        if (args.Data is { } line)
        {
            _lines.Enqueue(line);
        }
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }
}
