using System.Globalization;
using Spectre.Console;
using StreamEngine.Engine.Workers;

namespace StreamEngine.Host.Screen;

/// <summary>Shows a running engine until told to stop: a live screen in a terminal, else a line a second.</summary>
public sealed class EngineWatch(string title, EngineNode engine, TextWriter output, Func<string>? note = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time = TimeProvider.System;

    public LatestActions Latest { get; } = new(perTactic: 2);

    /// <summary>Returns when the time is up, the token is cancelled or the engine has ended.</summary>
    public async Task ShowAsync(bool live, TimeSpan? duration, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (duration is { } time)
        {
            end.CancelAfter(time);
        }
        if (live)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
            await console.Live(new Text("starting")).AutoClear(true).StartAsync(async context =>
            {
                await EachAsync(Pause, end.Token, (snapshot, rate) =>
                {
                    context.UpdateTarget(Dashboard.Draw(Title(), snapshot, Latest.Rows, rate, console.Profile.Width, console.Profile.Height));
                    context.Refresh();
                });
            });
            return;
        }
        await EachAsync(TimeSpan.FromSeconds(1), end.Token, (snapshot, rate) => output.WriteLine(Line(snapshot, rate)));
    }

    private static string Line(EngineSnapshot now, double rate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rate,9:N0} clicks/s  {now.Sessions.Sum(static s => s.Count),9:N0} sessions  {now.DeadlinesArmed,9:N0} deadlines  commit {now.LastCommitMs,6:0.0} ms  {now.Published,8:N0} actions published");

    private string Title() => note is null ? title : $"{title} - {note()}";

    private async Task EachAsync(TimeSpan pause, CancellationToken end, Action<EngineSnapshot, double> show)
    {
        var (clicks, since) = (0L, _time.GetTimestamp());
        while (!end.IsCancellationRequested && !engine.Ended.IsCompleted)
        {
            await Task.WhenAny(engine.Ended, Task.Delay(pause, _time, end));
            var snapshot = EngineSnapshot.Of(engine.Workers) with { NotReady = engine.Readiness.Look() };
            var seconds = _time.GetElapsedTime(since).TotalSeconds;
            Latest.Add(snapshot.Recent);
            show(snapshot, Math.Max(0, snapshot.Clicks - clicks) / Math.Max(seconds, 0.001));
            (clicks, since) = (snapshot.Clicks, _time.GetTimestamp());
        }
    }
}
