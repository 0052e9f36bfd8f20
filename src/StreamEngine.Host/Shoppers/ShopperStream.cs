using System.Buffers;
using System.Globalization;
using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Clickstreams;

namespace StreamEngine.Host.Shoppers;

/// <summary>
/// The clicks of generated shoppers, in the order in which they are delivered. The same options give the same bytes. Memory holds the shoppers
/// who are in the shop or will return to it. Not for two threads.
/// </summary>
public sealed class ShopperStream : IDisposable
{
    /// <summary>
    /// A partition without a record for so long gets one. In the stillness of a tail its time would jump otherwise, and a topic with the producers'
    /// own times does not believe a single record that is more than an hour ahead.
    /// </summary>
    private const long TickMs = 20 * 60_000;

    private readonly ShopperOptions _options;
    private readonly ScriptWriter _scripts;
    private readonly StepWriter _steps;
    private readonly ClickWriter _writer;
    private readonly ArrayBufferWriter<byte> _value = new(4096);
    // The visitor's number decides between equal times: the order is the same in every run.
    private readonly PriorityQueue<Shopper, (long TimeMs, long Number)> _inShop = new();
    private readonly Stack<Shopper> _gone = new();
    private readonly FigureCounter _figures = new();
    private readonly IReadOnlyList<byte[]> _tickKeys;
    private readonly ClickContext _tickContext = new("analytics.js", "next-1.76.1");
    private Shopper? _played;
    private long _delivered;
    private long _lastMs;
    private long _nextTickMs;
    private int _ticks;
    private bool _isClosed;
    private bool _areDoorsClosed;

    /// <param name="partitions">Where a finite stream goes: each partition gets a click every twenty minutes, and one at the end. Null: none.</param>
    public ShopperStream(ShopperOptions options, PartitionMap? partitions = null)
    {
        options.Validate();
        _options = options;
        _lastMs = options.StartMs;
        _nextTickMs = options.StartMs + TickMs;
        _tickKeys = partitions?.KeyPerPartition() ?? [];
        _isClosed = _tickKeys.Count == 0;
        var catalog = new Catalog(options.Sessions.Currency);
        _scripts = new ScriptWriter(options, catalog);
        _writer = new ClickWriter(_value);
        _steps = new StepWriter(catalog, _writer);
    }

    /// <summary>
    /// The time of the closing clicks: long enough after the last click for every deadline to be due. Known when the last shopper's click was read.
    /// </summary>
    public long EndMs => _lastMs + Math.Max(_options.Sessions.IdleAfterMs, _options.Sessions.ExitAfterMs) + _options.RunOnMs;

    /// <summary>Shoppers with clicks to come: those that memory holds.</summary>
    public int InShop => _inShop.Count;

    /// <summary>Who has come so far.</summary>
    public long Visitors => _figures.Visitors;

    /// <summary>Nobody comes any more: the stream ends as one does that had so many shoppers from the beginning.</summary>
    public void CloseDoors() => _areDoorsClosed = true;

    /// <returns>False at the end of a finite stream.</returns>
    public bool TryNext(out RawClick click)
    {
        PutBack();
        var slotMs = SlotMs;
        var isInShop = _inShop.TryPeek(out var shopper, out var due) && (due.TimeMs <= slotMs || !HasNewcomers);
        var isOver = !isInShop && !HasNewcomers;
        if (TryTick(isOver ? EndMs : isInShop ? due.TimeMs : slotMs, isOver, out click))
        {
            return true;
        }
        if (isOver)
        {
            return false;
        }
        if (isInShop)
        {
            _inShop.Dequeue();
        }
        else
        {
            shopper = Enter(slotMs);
        }

        _value.ResetWrittenCount();
        _steps.Write(shopper!);
        ref readonly var step = ref shopper!.Current;
        _figures.Play(in step);
        _played = shopper;
        _lastMs = step.DeliveredMs;
        _delivered++;
        click = new RawClick(shopper.Key, _value.WrittenMemory, step.DeliveredMs);
        return true;
    }

    /// <exception cref="InvalidOperationException">The stream has not been read to its end.</exception>
    public ExpectedFigures ExpectedFigures()
    {
        PutBack();
        return HasNewcomers || _inShop.Count > 0 || !_isClosed
            ? throw new InvalidOperationException("What to expect of a stream is known when all of it has been read: read until TryNext says false.")
            : _figures.ToFigures(_options, EndMs);
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>
    /// When the next click is due to keep the rate. Whoever is in the shop clicks in his own time; a new visitor comes whenever those do not make
    /// up the rate. So the rate is right from the first second on, without a crowd that was there before the stream began.
    /// </summary>
    private long SlotMs => _options.StartMs + (long)(_delivered * 1000.0 / _options.ClicksPerSecond);

    private bool HasNewcomers => !_areDoorsClosed && (_options.Shoppers is not { } all || _figures.Visitors < all);

    private Shopper Enter(long slotMs)
    {
        var shopper = _gone.TryPop(out var reused) ? reused : new Shopper();
        var outcome = _scripts.Write(shopper, _figures.Visitors, Math.Max(slotMs, _lastMs));
        _figures.Plan(in outcome);
        return shopper;
    }

    /// <summary>The shopper of the click that was handed out moves on only now: until then the click's memory is in use.</summary>
    private void PutBack()
    {
        if (_played is not { } shopper)
        {
            return;
        }
        _played = null;
        if (shopper.MoveOn())
        {
            _inShop.Enqueue(shopper, (shopper.Current.DeliveredMs, shopper.Number));
        }
        else
        {
            _gone.Push(shopper);
        }
    }

    /// <summary>A round of clicks, one for each partition, whenever the stream passes a tick; the last round is at the end.</summary>
    private bool TryTick(long nextMs, bool isOver, out RawClick click)
    {
        if (_isClosed || (nextMs < _nextTickMs && !isOver))
        {
            click = default;
            return false;
        }
        var timeMs = Math.Max(_lastMs, Math.Min(_nextTickMs, nextMs));
        var key = _tickKeys[_ticks];
        _value.ResetWrittenCount();
        _writer.Begin(ClickKind.Page, key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"tick-{_figures.Ticks}")), timeMs, PageView.Home);
        _writer.End(_tickContext, PageView.Home);
        _figures.PlayTick();
        click = new RawClick(key, _value.WrittenMemory, timeMs);
        if (++_ticks == _tickKeys.Count)
        {
            _ticks = 0;
            _isClosed = isOver && timeMs == nextMs;
            _nextTickMs += TickMs;
        }
        return true;
    }
}
