using System.Text;
using System.Text.Json;
using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>Real messages, damaged at random: each is read, ignored, or refused with a place in it; never an exception, never memory without bound.</summary>
public sealed class MutatedMessageTests(ITestOutputHelper output)
{
    private const string File = "data/segment-ecommerce-events/ecommerce-track-events.jsonl";
    private const int Mutations = 200_000;

    /// <summary>Grown buffers of the one parser; a damaged record asks for nothing more.</summary>
    private const long AllocatedBytesMax = 2 * 1024 * 1024;

    private static readonly byte[][] Scraps =
    [
        .. new[] { "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "null", "1e400", "-", "0.00000000000000000001", "\"products\":", "\"price\":", "\"currency\":\"EUR\"", "\"quantity\":-1" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0],
        [.. Enumerable.Repeat((byte)'[', 100)], [.. Enumerable.Repeat((byte)'9', 400)], [.. Enumerable.Repeat((byte)'x', 5_000)],
    ];

    /// <summary>Whole values: with them in another's place a record stays JSON, and reaches the checks behind the scanner.</summary>
    private static readonly byte[][] Values =
    [
        .. new[] { "null", "true", "-1", "0", "1e400", "12.345", "\"\"", "\"USD\"", "\"€\"", "[]", "{}", "[1]", $"\"{new string('x', 5_000)}\"" }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Each_has_an_outcome_a_place_and_costs_no_memory()
    {
        var path = SharedData.Find(File);
        Assert.SkipWhen(path is null, SharedData.MissingMessage(File));
        var messages = System.IO.File.ReadLines(path!).Select(line => Encoding.UTF8.GetBytes(JsonDocument.Parse(line).RootElement.GetProperty("message").GetRawText())).ToArray();
        var seed = Environment.GetEnvironmentVariable("STREAMENGINE_SEED") is { Length: > 0 } named
            ? int.Parse(named, null)
            : (int)(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() & 0xFFFFFF);
        output.WriteLine($"STREAMENGINE_SEED={seed}");
        var random = new Random(seed);
        var parser = Parser();
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        var allocated = 0L;
        for (var i = 0; i < Mutations; i++)
        {
            var record = Damage(random, messages);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = parser.Parse("v"u8, record, RecordTimeMs);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            var name = outcome == ParseOutcome.Malformed ? parser.Fault.Reason.ToString() : outcome.ToString();
            outcomes[name] = outcomes.GetValueOrDefault(name) + 1;
            if (outcome == ParseOutcome.Malformed)
            {
                Assert.True(parser.Fault.Reason != FaultReason.None && parser.Fault.BytePosition >= 0 && parser.Fault.BytePosition <= record.Length, $"{parser.Fault}: {Encoding.UTF8.GetString(record)}");
            }
        }
        output.WriteLine(string.Join(", ", outcomes.OrderByDescending(static o => o.Value).Select(static o => $"{o.Value} {o.Key}")));
        Assert.InRange(allocated, 0, AllocatedBytesMax);
        Assert.True(outcomes.Count > 8, "The damage is too uniform to say anything.");
    }

    /// <summary>One to four of: bytes changed, a scrap put in, a piece taken out, cut off, a value in another's place, or joined with another message.</summary>
    private static byte[] Damage(Random random, byte[][] messages)
    {
        var record = messages[random.Next(messages.Length)].ToList();
        for (var times = random.Next(1, 5); times > 0 && record.Count > 0; times--)
        {
            var at = random.Next(record.Count);
            switch (random.Next(6))
            {
                case 0: record[at] = (byte)random.Next(256); break;
                case 1: record.InsertRange(at, Scraps[random.Next(Scraps.Length)]); break;
                case 2: record.RemoveRange(at, Math.Min(record.Count - at, random.Next(1, 40))); break;
                case 3 when random.Next(4) == 0: record.RemoveRange(at, record.Count - at); break;
                case 4: PutValue(record, record.IndexOf((byte)':', at), Values[random.Next(Values.Length)]); break;
                default:
                    var other = messages[random.Next(messages.Length)];
                    var from = random.Next(other.Length);
                    record.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, random.Next(1, 200))).ToArray());
                    break;
            }
        }
        return [.. record];
    }

    /// <summary>Instead of what stands behind the colon, up to the next comma or bracket.</summary>
    private static void PutValue(List<byte> record, int colon, byte[] value)
    {
        if (colon < 0)
        {
            return;
        }
        var end = record.FindIndex(colon, static letter => letter is (byte)',' or (byte)'}' or (byte)']');
        record.RemoveRange(colon + 1, (end < 0 ? record.Count : end) - colon - 1);
        record.InsertRange(colon + 1, value);
    }
}
