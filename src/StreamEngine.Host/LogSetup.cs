using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using StreamEngine.Host.Commands;

namespace StreamEngine.Host;

/// <summary>Logs go to stderr, one line each: stdout belongs to results.</summary>
public static class LogSetup
{
    /// <summary>For commands whose screen is the story: only trouble is logged, unless asked for.</summary>
    public static ILoggerFactory ForScreen(bool verbose) => Create(verbose, quiet: !verbose);

    public static ILoggerFactory Create(bool verbose, bool quiet)
    {
        if (verbose && quiet)
        {
            throw new UsageException("--verbose and --quiet exclude each other: leave one out");
        }
        return LoggerFactory.Create(log => log
            .SetMinimumLevel(verbose ? LogLevel.Debug : quiet ? LogLevel.Warning : LogLevel.Information)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(line =>
            {
                line.SingleLine = true;
                line.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                line.UseUtcTimestamp = true;
                line.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
            }));
    }
}
