using System.Runtime.InteropServices;

namespace StreamEngine.Host;

/// <summary>
/// A write beyond the limit on the size of files ("ulimit -f", LimitFSIZE= of a service) sends SIGXFSZ, which ends a process without a word.
/// Heard, it does nothing, and the write fails like one on a full disk.
/// </summary>
internal static class FileSizeSignal
{
    /// <summary>SIGXFSZ, the same number on Linux and macOS; the platform has no name for it.</summary>
    private const int Number = 25;

    /// <returns>Null where there is no such signal.</returns>
    public static PosixSignalRegistration? Survive() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)Number, static context => context.Cancel = true);
}
