using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>
/// Keeps a backlog in every partition for as long as it is asked to. A node that has read everything follows the wall clock, and the time of these shoppers,
/// which the oracle goes by, is another: so nobody may ever get to the end.
/// </summary>
internal sealed class LastingFeed : IDisposable
{
    /// <summary>Clicks that every partition has left. So few, because a shard that moves waits behind what its new owner has fetched of others.</summary>
    private const int Usual = 4_000;

    /// <summary>More than a client fetches ahead of two shards or more: while the broker is away nobody may get to the end of what it had.</summary>
    private const int BeforeAnOutage = 30_000;

    /// <summary>Small, because what a node reads of a chunk before the broker has all of it counts as read too far.</summary>
    private const int Chunk = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FlushWait = TimeSpan.FromSeconds(1);

    private readonly CommitAudit _audit;
    private readonly ClickProducer _producer;
    private readonly ShopperStream _stream;
    private readonly long[] _sent;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile int _aheadMin = Usual;

    public LastingFeed(Shop shop, ShopperOptions shoppers, int partitions, CommitAudit audit)
    {
        _audit = audit;
        _producer = new ClickProducer(shop.Kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        _stream = new ShopperStream(shoppers, new PartitionMap(partitions, key => Murmur2.Partition(key, partitions)));
        _sent = new long[partitions];
    }

    public long Sent => _sent.Sum();

    /// <summary>The shortest backlog that any partition was ever seen with.</summary>
    public long LeastAhead { get; private set; }

    /// <summary>Sends the first backlog, then goes on beside.</summary>
    public void Start()
    {
        while (_sent.Min() < Usual)
        {
            SendChunk();
        }
        // Nobody reads yet.
        LeastAhead = long.MaxValue;
        _running = Task.Factory.StartNew(KeepAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Sends as much as lasts while the broker is away; then as much as usual again.</summary>
    public async Task StockUpAsync()
    {
        _aheadMin = BeforeAnOutage;
        while (Ahead() < BeforeAnOutage)
        {
            ThrowIfFailed();
            await Task.Delay(Pause, TimeProvider.System);
        }
        _aheadMin = Usual;
    }

    public void ThrowIfFailed()
    {
        if (_running.IsFaulted)
        {
            _running.GetAwaiter().GetResult();
        }
    }

    /// <summary>No more than is in the topic now.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Shop.Patience);
        Assert.True(LeastAhead > 0, string.Create(CultureInfo.InvariantCulture, $"A partition had {LeastAhead} clicks left: the feed was too slow, and the run says nothing."));
    }

    /// <summary>Nobody comes any more, and who is in the shop ends his visit. For when no node can get to the end.</summary>
    /// <returns>How many shoppers it were.</returns>
    public long SendRest()
    {
        _stream.CloseDoors();
        while (SendChunk())
        {
        }
        return _stream.Visitors;
    }

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_running).AsyncWaitHandle.WaitOne(FlushWait);
        _producer.Dispose();
        _stream.Dispose();
        _stop.Dispose();
    }

    private void KeepAhead()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Ahead() < _aheadMin)
            {
                SendChunk();
            }
            else
            {
                _stop.Token.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private long Ahead()
    {
        try
        {
            var ahead = _sent.Min();
            foreach (var shard in _audit.Newest())
            {
                ahead = Math.Min(ahead, _sent[shard.Shard] - Math.Max(0, shard.NextOffset));
            }
            LeastAhead = Math.Min(LeastAhead, ahead);
            return ahead;
        }
        catch (NpgsqlException)
        {
            // The database is away, and nobody commits.
            return _aheadMin;
        }
    }

    /// <summary>Counts as sent what the broker has.</summary>
    /// <returns>False at the end of the stream.</returns>
    private bool SendChunk()
    {
        var sent = new int[_sent.Length];
        var hasMore = true;
        for (var i = 0; i < Chunk && (hasMore = _stream.TryNext(out var click)); i++)
        {
            var value = click.Value.ToArray();
            while (!_producer.TryProduce(click.Key, value, click.TimeMs))
            {
                _producer.WaitForRoom(Pause);
            }
            sent[Murmur2.Partition(click.Key, sent.Length)]++;
        }
        while (!_producer.Flush(FlushWait))
        {
            // The broker is away: the client goes on trying.
        }
        Assert.Equal(0, _producer.Failed);
        // The broker may have been away for long: what had they left before they got these?
        Ahead();
        for (var partition = 0; partition < sent.Length; partition++)
        {
            _sent[partition] += sent[partition];
        }
        return hasMore;
    }
}
