using Microsoft.Extensions.Logging;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Nodes;

/// <summary>What the engine logs becomes part of the trace.</summary>
public sealed class TraceLogger(World world, string name) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        world.Trace.Add(world.NowMs, name, $"logs: {formatter(state, exception)}{(exception is null ? "" : " " + exception.Message)}", Weight.News);
}
