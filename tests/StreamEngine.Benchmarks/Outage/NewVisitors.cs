using System.Globalization;
using System.Text;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>
/// An open-loop stream of clicks, each of a new visitor: a click is due at its own instant whether or not the engine keeps up, and what it waits for
/// counts. One in four asks for a chat prompt at once, the others put something into a cart.
/// </summary>
public sealed class NewVisitors
{
    private const int AskingOneIn = 4;

    private static readonly byte[] Added = ClickJson.ProductAdded("hat", 20);
    private static readonly byte[] Leaving = ClickJson.Track("Exit Intent Detected");
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly ClickProducer _producer;
    private readonly ShiftedTime _time;
    private readonly string _prefix;
    private readonly int _rate;
    private readonly long _startAt = TimeProvider.System.GetTimestamp();

    /// <param name="name">One letter that no other stream has.</param>
    /// <param name="rate">Clicks a second.</param>
    public NewVisitors(ClickProducer producer, ShiftedTime time, char name, int rate) => (_producer, _time, _prefix, _rate) = (producer, time, name.ToString(), rate);

    /// <summary>Clicks that asked for a prompt so far.</summary>
    public int Asked { get; private set; }

    /// <summary>The name that its visitors' keys begin with.</summary>
    public byte Name => (byte)_prefix[0];

    /// <returns>How long ago this visitor's click was due, ms.</returns>
    public double SinceDueMs(ReadOnlySpan<byte> key, long now)
    {
        var index = int.Parse(key[1..], NumberStyles.None, CultureInfo.InvariantCulture);
        return TimeProvider.System.GetElapsedTime(_startAt, now).TotalMilliseconds - index * 1000.0 / _rate;
    }

    /// <summary>Runs until told to stop. For one thread of its own.</summary>
    public void Run(CancellationToken stop)
    {
        for (var sent = 0; !stop.IsCancellationRequested;)
        {
            var due = (int)(TimeProvider.System.GetElapsedTime(_startAt).TotalSeconds * _rate);
            for (; sent <= due; sent++)
            {
                var isAsking = sent % AskingOneIn == 0;
                var key = Encoding.UTF8.GetBytes(_prefix + sent.ToString(CultureInfo.InvariantCulture));
                while (!_producer.TryProduce(key, isAsking ? Leaving : Added, _time.NowMs))
                {
                    _producer.WaitForRoom(Tick);
                }
                Asked += isAsking ? 1 : 0;
            }
            _producer.WaitForRoom(Tick);
        }
        _producer.Flush(TimeSpan.FromSeconds(30));
    }
}
