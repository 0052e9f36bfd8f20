using System.Text.Json;

namespace StreamEngine.Host.Clickstreams;

/// <summary>
/// One Segment message a line, alone or as the "message" of an object around it. Its bytes go on as they are: judging them is the
/// engine's business. Only whose they are and when it happened is read here.
/// </summary>
internal sealed class SegmentRows : ClickRows
{
    private static readonly JsonReaderOptions s_deep = new() { MaxDepth = 1024 };
    private long _lastTimeMs;

    public override string? Read(ReadOnlySpan<byte> line, ClickBatch clicks)
    {
        try
        {
            var message = Unwrap(line);
            var found = ReadHead(message);
            var visitor = found.AnonymousId ?? found.UserId;
            if (visitor is null)
            {
                return "has neither anonymousId nor userId: nobody clicked";
            }
            // A message without a time happened when the one before it did.
            _lastTimeMs = found.TimeMs ?? _lastTimeMs;
            clicks.Add(visitor, message, _lastTimeMs);
            return null;
        }
        catch (JsonException e)
        {
            return $"is not a JSON object: {e.Message}";
        }
        catch (InvalidOperationException e)
        {
            return $"holds text that is not UTF-8: {e.Message}";
        }
    }

    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, s_deep);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("found " + reader.TokenType);
        }
        var message = line;
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isMessage && isObject)
            {
                message = line[start..(int)reader.BytesConsumed];
            }
        }
        return message;
    }

    private static Head ReadHead(ReadOnlySpan<byte> message)
    {
        var head = default(Head);
        var reader = new Utf8JsonReader(message, s_deep);
        var rank = int.MaxValue;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("anonymousId"u8))
            {
                head.AnonymousId = ReadId(ref reader) ?? head.AnonymousId;
            }
            else if (reader.ValueTextEquals("userId"u8))
            {
                head.UserId = ReadId(ref reader) ?? head.UserId;
            }
            else
            {
                var thisRank = RankOfTime(ref reader);
                reader.Read();
                if (thisRank < rank && TryReadTime(ref reader, out var timeMs))
                {
                    (rank, head.TimeMs) = (thisRank, timeMs);
                }
                reader.Skip();
            }
        }
        return head;
    }

    private static byte[]? ReadId(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueSpan.Length > 0:
                var id = new byte[reader.ValueSpan.Length];
                return id.AsSpan(0, reader.CopyString(id)).ToArray();
            case JsonTokenType.Number:
                return reader.ValueSpan.ToArray();
            default:
                reader.Skip();
                return null;
        }
    }

    private static int RankOfTime(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("timestamp"u8) ? 0
        : reader.ValueTextEquals("originalTimestamp"u8) ? 1
        : reader.ValueTextEquals("sentAt"u8) ? 2
        : reader.ValueTextEquals("receivedAt"u8) ? 3
        : int.MaxValue;

    private static bool TryReadTime(ref Utf8JsonReader reader, out long timeMs)
    {
        timeMs = 0;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }
        timeMs = time.ToUnixTimeMilliseconds();
        return timeMs >= 0;
    }

    private record struct Head(byte[]? AnonymousId, byte[]? UserId, long? TimeMs);
}
