using System.Diagnostics;

namespace StreamEngine.TestKit;

/// <summary>Runs a program of the operating system to its end.</summary>
public static class SystemTool
{
    /// <returns>False when it is not there, or failed.</returns>
    public static bool TryRun(string program, params string[] arguments) => Start(program, arguments) is null;

    /// <exception cref="InvalidOperationException">It is not there, or failed: the message has what it said.</exception>
    public static void Run(string program, params string[] arguments)
    {
        if (Start(program, arguments) is { } error) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }

    private static string? Start(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            // One after the other: none of them says so much that it would wait for a reader.
            var said = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return error.Message;
        }
    }
}
