using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>
/// Shop and app of OTTO: a line is one visitor with all events of up to four weeks. Lines are ordered by their first event, so the
/// sessions are merged by time while reading: an event is given out as soon as a line begins later. A session waits in memory until its
/// last event is given out. Within a session the order is the file's.
/// </summary>
internal sealed class OttoRows : ClickRows
{
    private readonly PriorityQueue<Session, (long TimeMs, long Line)> _waiting = new();
    private long _lines;
    private long _givenUntilMs = long.MinValue;

    public override string? Read(ReadOnlySpan<byte> line, ClickBatch clicks)
    {
        if (!TryParse(line, out var session, out var mistake))
        {
            return mistake;
        }
        _givenUntilMs = Math.Max(_givenUntilMs, session.Events[0].TimeMs);
        _waiting.Enqueue(session, (session.Events[0].TimeMs, _lines++));
        return null;
    }

    public override bool TryGiveHeld(ClickBatch clicks, bool atEnd)
    {
        if (!_waiting.TryPeek(out var session, out var due) || (due.TimeMs >= _givenUntilMs && !atEnd))
        {
            return false;
        }
        Write(session.Key, session.Events[session.Next++], clicks);
        if (session.Next == session.Events.Count)
        {
            _waiting.Dequeue();
        }
        else
        {
            _waiting.DequeueEnqueue(session, (session.Events[session.Next].TimeMs, due.Line));
        }
        return true;
    }

    private static void Write(byte[] key, Event happened, ClickBatch clicks)
    {
        Span<byte> row = stackalloc byte[512];
        key.CopyTo(row);
        BinaryPrimitives.WriteInt64LittleEndian(row[key.Length..], happened.TimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(row[(key.Length + 8)..], happened.Product);
        row[key.Length + 16] = (byte)happened.Kind;
        Span<byte> idBytes = stackalloc byte[32];
        var id = RowId("otto-"u8, row[..(key.Length + 17)], 0, idBytes);

        Span<byte> productId = stackalloc byte[20];
        happened.Product.TryFormat(productId, out var length, default, CultureInfo.InvariantCulture);
        var product = new ProductFields { Id = productId[..length], Quantity = 1 };
        clicks.Writer.Begin(happened.Kind, key, id, happened.TimeMs);
        if (happened.Kind == ClickKind.OrderCompleted)
        {
            clicks.Writer.Text(ClickFields.OrderId, id);
            clicks.Writer.BeginProducts();
            clicks.Writer.ListedProduct(in product);
            clicks.Writer.EndProducts();
        }
        else
        {
            clicks.Writer.Product(in product);
        }
        clicks.Writer.End(Context);
        clicks.Add(key, happened.TimeMs);
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out Session session, out string? mistake)
    {
        session = new Session([], []);
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (reader.BytesConsumed != line.Length || root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("session", out var id) || id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
                || !root.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array)
            {
                mistake = "is not an OTTO session: {\"session\": number, \"events\": [...]}";
                return false;
            }
            session = new Session(Encoding.UTF8.GetBytes(id.ToString()), new List<Event>(events.GetArrayLength()));
            if (session.Key.Length is 0 or > 256)
            {
                mistake = "session is empty or longer than 256 bytes";
                return false;
            }
            foreach (var element in events.EnumerateArray())
            {
                if (!TryParse(element, out var happened))
                {
                    mistake = $"event {session.Events.Count + 1} is not {{\"aid\": number, \"ts\": Unix ms, \"type\": clicks, carts or orders}}; the whole session is left out";
                    return false;
                }
                session.Events.Add(happened);
            }
            mistake = session.Events.Count == 0 ? "the session has no events" : null;
            return mistake is null;
        }
        catch (JsonException e)
        {
            mistake = $"is not JSON: {e.Message}";
            return false;
        }
    }

    private static bool TryParse(JsonElement element, out Event happened)
    {
        happened = default;
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("aid", out var aid) || aid.ValueKind != JsonValueKind.Number || !aid.TryGetInt64(out var product)
            || !element.TryGetProperty("ts", out var ts) || ts.ValueKind != JsonValueKind.Number || !ts.TryGetInt64(out var timeMs)
            || timeMs < 0 || timeMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !element.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            return false;
        }
        var kind = type.GetString() switch
        {
            "clicks" => ClickKind.ProductViewed,
            "carts" => ClickKind.ProductAdded,
            "orders" => ClickKind.OrderCompleted,
            _ => ClickKind.None,
        };
        happened = new Event(product, timeMs, kind);
        return kind != ClickKind.None;
    }

    private readonly record struct Event(long Product, long TimeMs, ClickKind Kind);

    private sealed class Session(byte[] key, List<Event> events)
    {
        public byte[] Key { get; } = key;
        public List<Event> Events { get; } = events;
        public int Next { get; set; }
    }
}
