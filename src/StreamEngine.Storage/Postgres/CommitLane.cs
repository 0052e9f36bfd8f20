using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// One worker's way to one server: a thread and a connection, its batches in the order of their arrival. It has no bound of its own, since a worker
/// has at most two batches in flight.
/// </summary>
internal sealed class CommitLane : IDisposable
{
    private readonly BlockingCollection<CommitBatch> _waiting = [];
    private readonly CommitWriter _writer;
    private readonly Thread _thread;

    public CommitLane(PostgresServer server, ILogger logger)
    {
        _writer = new CommitWriter(server, logger);
        _thread = new Thread(WriteUntilClosed) { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"postgres-{server.Home}") };
        _thread.Start();
    }

    public void Add(CommitBatch batch) => _waiting.Add(batch);

    /// <summary>Writes what was handed over before, then closes.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _writer.Dispose();
        _waiting.Dispose();
    }

    private void WriteUntilClosed()
    {
        foreach (var batch in _waiting.GetConsumingEnumerable())
        {
            _writer.Write(batch.Shards);
            batch.Complete();
        }
    }
}
