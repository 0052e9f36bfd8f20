using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>The JSON parsing test suite (github.com/nst/JSONTestSuite): y_ must be accepted, n_ refused, i_ may be either.</summary>
public sealed class JsonSuiteTests
{
    private const string Folder = "data/json-parsing";

    [Fact]
    public void What_is_json_is_read_and_what_is_not_is_refused()
    {
        var root = SharedData.Find(Folder);
        Assert.SkipWhen(root is null, SharedData.MissingMessage(Folder));
        var parser = Parser();
        var wrong = new List<string>();
        var files = Directory.GetFiles(root!, "*.json", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var bytes = File.ReadAllBytes(file);
            var alone = parser.Parse("v"u8, bytes, RecordTimeMs) == ParseOutcome.Malformed ? parser.Fault.Reason : FaultReason.None;
            // The same where nobody looks at it, and where a list of products is expected.
            var skipped = Embedded(parser, """{"type":"page","x":"""u8, bytes);
            var used = Embedded(parser, """{"type":"track","event":"Cart Viewed","properties":{"products":"""u8, bytes, "}"u8);
            foreach (var reason in new[] { alone, skipped, used })
            {
                var isRefused = reason is FaultReason.BrokenJson or FaultReason.InvalidUtf8 or FaultReason.TooDeep;
                if (name.StartsWith("y_", StringComparison.Ordinal) ? isRefused : name.StartsWith("n_", StringComparison.Ordinal) && !isRefused)
                {
                    wrong.Add($"{name}: {reason}");
                }
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_record_is_the_same_record_wherever_it_begins()
    {
        var root = SharedData.Find(Folder);
        Assert.SkipWhen(root is null, SharedData.MissingMessage(Folder));
        var parser = Parser();
        foreach (var file in Directory.GetFiles(root!, "*.json", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            var alone = (parser.Parse("v"u8, bytes, RecordTimeMs), parser.Fault);
            // Every token once at every place of a block of 64 bytes.
            foreach (var spaces in Enumerable.Range(1, 64))
            {
                byte[] shifted = [.. Enumerable.Repeat((byte)' ', spaces), .. bytes];
                var (outcome, fault) = (parser.Parse("v"u8, shifted, RecordTimeMs), parser.Fault);
                var at = fault.Reason == FaultReason.NotAnObject ? fault.BytePosition : fault.BytePosition - spaces;
                Assert.True((outcome, fault with { BytePosition = at }) == alone, $"{Path.GetFileName(file)} behind {spaces} spaces: {outcome}, {fault} instead of {alone}");
            }
        }
    }

    private static FaultReason Embedded(ClickParser parser, ReadOnlySpan<byte> before, byte[] json, ReadOnlySpan<byte> after = default)
    {
        byte[] value = [.. before, .. json, .. after, (byte)'}'];
        return parser.Parse("v"u8, value, RecordTimeMs) == ParseOutcome.Malformed ? parser.Fault.Reason : FaultReason.None;
    }
}
