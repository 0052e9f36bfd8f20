using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>The host as a process that runs beside the test: its lines can be waited for, and signals sent to it.</summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>STREAMENGINE_HOST names a published one, which is compiled ahead as the shipped one is.</summary>
    private static readonly string s_host = Environment.GetEnvironmentVariable("STREAMENGINE_HOST") ?? Path.Combine(AppContext.BaseDirectory, "streamengine.dll");

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    private EngineProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    public static EngineProcess Start(string directory, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [s_host, .. args])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new EngineProcess(process);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has exited; 128 and the signal's number where a signal ended it, as 139 for one that fell into invalid memory.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it has logged by now.</summary>
    public string Log
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Waits for a line of its output or log that holds this text; lines before it are gone for the next call.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var bound = new CancellationTokenSource(Shop.Patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(bound.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"no line with '{text}' came:\n{_output}\n{_error}", e);
        }
    }

    /// <summary>kill -9, at once: without a process of its own as <see cref="Signal"/> has.</summary>
    public void Kill() => _process.Kill();

    /// <param name="name">"INT", "TERM", "KILL", "STOP", "CONT".</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public Task<ChildProcess> EndAsync() => EndAsync(Shop.Patience);

    public async Task<ChildProcess> EndAsync(TimeSpan patience)
    {
        using var bound = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(bound.Token);
        await _reading.WaitAsync(bound.Token);
        return new ChildProcess(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader stream, StringBuilder text)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
            _lines.Writer.TryWrite(line);
        }
        if (ReferenceEquals(text, _error))
        {
            _lines.Writer.TryComplete();
        }
    }
}
