using System.Text;
using System.Text.Json.Nodes;
using StreamEngine.Host.Shoppers;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>
/// Clicks of generated shoppers, about 600 B each, without their times: each happens when its record is written. The browsing ones change nothing that must be
/// kept; the asking one gets a prompt at once.
/// </summary>
public sealed class SampleClicks
{
    private const int BrowsingCount = 4_096;

    private SampleClicks(IReadOnlyList<byte[]> browsing, byte[] asking) => (Browsing, Asking) = (browsing, asking);

    public IReadOnlyList<byte[]> Browsing { get; }

    public byte[] Asking { get; }

    public static SampleClicks Generate()
    {
        var browsing = new List<byte[]>(BrowsingCount);
        byte[]? asking = null;
        using var stream = new ShopperStream(new ShopperOptions { Shoppers = null });
        while ((browsing.Count < BrowsingCount || asking is null) && stream.TryNext(out var click))
        {
            var json = JsonNode.Parse(click.Value.Span)!.AsObject();
            json.Remove("timestamp");
            json.Remove("originalTimestamp");
            switch ((string?)json["event"])
            {
                case "Product Viewed" or "Product List Viewed":
                    browsing.Add(Bytes(json));
                    break;
                case "Exit Intent Detected":
                    json["properties"] = new JsonObject { ["confidence"] = 0.9 };
                    asking = Bytes(json);
                    break;
            }
        }
        return new SampleClicks(browsing, asking ?? throw new InvalidOperationException("The generator's shoppers show no exit intent."));
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
