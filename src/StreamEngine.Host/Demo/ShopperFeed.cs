using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;

namespace StreamEngine.Host.Demo;

/// <summary>Sends generated shoppers to the clicks topic, on a thread of its own: as fast as it goes, or each click when its time has come on a clock.</summary>
public sealed class ShopperFeed(ShopperStream stream, ClickProducer producer, TimeProvider? clock) : IDisposable
{
    private static readonly TimeSpan RoomWait = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private long _sent;
    private Thread? _thread;
    private Exception? _failure;

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Why the feed ended before it was told to; null while all is well.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    public void StartBeside()
    {
        _thread = new Thread(() =>
        {
            try
            {
                Run(_stop.Token);
            }
            catch (Exception e)
            {
                Volatile.Write(ref _failure, e);
            }
        })
        {
            Name = "shoppers",
            IsBackground = true,
        };
        _thread.Start();
    }

    /// <summary>Until the stream ends or the token is cancelled; then waits until the broker has all.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && stream.TryNext(out var click))
        {
            WaitFor(click.TimeMs, stop);
            var value = click.Value.ToArray();
            while (!producer.TryProduce(click.Key, value, click.TimeMs) && !stop.IsCancellationRequested)
            {
                producer.WaitForRoom(RoomWait);
            }
            Volatile.Write(ref _sent, _sent + 1);
        }
        while (!producer.Flush(TimeSpan.FromSeconds(1)) && !stop.IsCancellationRequested)
        {
            // The client goes on trying; a cancelled feed leaves the rest.
        }
        if (producer.Failed > 0)
        {
            throw new IOException($"{producer.Failed} clicks did not reach the broker: {producer.LastError}");
        }
    }

    /// <summary>Ends what <see cref="StartBeside"/> began, when what was sent has arrived.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _thread?.Join();
    }

    public void Dispose()
    {
        Stop();
        producer.Dispose();
        stream.Dispose();
        _stop.Dispose();
    }

    private void WaitFor(long timeMs, CancellationToken stop)
    {
        while (clock is not null && clock.GetUtcNow().ToUnixTimeMilliseconds() < timeMs && !stop.IsCancellationRequested)
        {
            producer.WaitForRoom(TimeSpan.FromMilliseconds(1));
        }
    }
}
