using System.Runtime.InteropServices;

namespace StreamEngine.Host;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the command to drain: finish what was read, commit, publish. The second ends the process at once,
/// which loses nothing that was committed.
/// </summary>
/// <param name="exit">Ends the process with this exit code.</param>
public sealed class StopSignals(TextWriter error, Action<int> exit) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    public CancellationToken Stop => _stop.Token;

    public void Listen()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Notice(context.Signal);
            }));
        }
    }

    public void Notice(PosixSignal signal)
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            error.WriteLine("streamengine: stopping; what was read is finished and committed first. Once more ends at once.");
            _stop.Cancel();
            return;
        }
        // 128 + the signal's number, as shells say it.
        exit(signal == PosixSignal.SIGTERM ? 143 : ExitCode.Interrupted);
    }

    public void Dispose()
    {
        _registrations.ForEach(static registration => registration.Dispose());
        _stop.Dispose();
    }
}
