using System.Collections.Concurrent;
using System.Text;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Engine.Outlets;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>What the broker acknowledged: how late the prompts of new visitors were, and which reminders went to whom. Shared by the workers.</summary>
public sealed class ActionTally(int sessions)
{
    private readonly Lock _lock = new();
    private readonly byte[] _emails = new byte[sessions];
    private readonly byte[] _abandoned = new byte[sessions];
    private readonly ConcurrentDictionary<int, long> _committed = new();
    private NewVisitors? _stream;

    public Latencies Latencies { get; private set; } = new();

    /// <summary>Until the click was read from Kafka.</summary>
    public Latencies Read { get; private set; } = new();

    /// <summary>Until the prompt was committed and handed to the Kafka client.</summary>
    public Latencies Handed { get; private set; } = new();

    /// <summary>Reminders and abandonments of visitors who had bought.</summary>
    public int Wrong { get; private set; }

    /// <summary>Overdue chat prompts that were sent all the same.</summary>
    public int Stale { get; private set; }

    /// <summary>Actions that came twice.</summary>
    public int Repeated { get; private set; }

    /// <summary>E-mails that went, each visitor once.</summary>
    public int Emails { get; private set; }

    /// <summary>Clicks of all shards whose commit is done.</summary>
    public long CommittedClicks => _committed.Values.Sum();

    public void AddCommitted(int shard, long nextOffset) => _committed[shard] = nextOffset;

    public void Watch(NewVisitors stream)
    {
        lock (_lock)
        {
            (_stream, Latencies, Handed, Read) = (stream, new Latencies(), new Latencies(), new Latencies());
        }
    }

    public void AddRead(ReadOnlySpan<byte> key)
    {
        var now = TimeProvider.System.GetTimestamp();
        lock (_lock)
        {
            if (_stream is { } stream && key[0] == stream.Name)
            {
                Read.Add(stream.SinceDueMs(key, now));
            }
        }
    }

    /// <returns>What <see cref="Add(Sent)"/> needs of it: the message's memory is used again.</returns>
    public Sent AddHanded(OutgoingMessage message)
    {
        var now = TimeProvider.System.GetTimestamp();
        var key = message.Key.Span;
        lock (_lock)
        {
            if (_stream is { } stream && key[0] == stream.Name)
            {
                Handed.Add(stream.SinceDueMs(key, now));
                return new Sent(message.Key.ToArray(), -1, null);
            }
        }
        var action = message.Value.Span;
        return new Sent(null, OutageShop.VisitorOf(key), Has(action, OutageShop.CartChat) ? OutageShop.CartChat : Has(action, OutageShop.Email) ? OutageShop.Email : null);
    }

    /// <summary>The broker has acknowledged it.</summary>
    public void Add(Sent sent)
    {
        var now = TimeProvider.System.GetTimestamp();
        lock (_lock)
        {
            if (_stream is { } stream && sent.StreamKey is { } key && key[0] == stream.Name)
            {
                Latencies.Add(stream.SinceDueMs(key, now));
            }
            if (sent.Visitor >= 0)
            {
                Add(sent.Visitor, sent.Tactic);
            }
        }
    }

    private void Add(int visitor, string? tactic)
    {
        Wrong += OutageShop.Buys(visitor) ? 1 : 0;
        if (string.Equals(tactic, OutageShop.CartChat, StringComparison.Ordinal))
        {
            Stale++;
            return;
        }
        var isEmail = string.Equals(tactic, OutageShop.Email, StringComparison.Ordinal);
        var seen = isEmail ? _emails : _abandoned;
        if (seen[visitor]++ > 0)
        {
            Repeated++;
        }
        else if (isEmail)
        {
            Emails++;
        }
    }

    private static bool Has(ReadOnlySpan<byte> action, string tactic) => action.IndexOf(Encoding.UTF8.GetBytes($"\"{tactic}\"")) >= 0;

    /// <param name="StreamKey">Of a new visitor; null for others.</param>
    /// <param name="Visitor">Of those who were there before the outage; -1 for others.</param>
    /// <param name="Tactic">Null where it is the fact of an abandonment.</param>
    public readonly record struct Sent(byte[]? StreamKey, int Visitor, string? Tactic);
}
