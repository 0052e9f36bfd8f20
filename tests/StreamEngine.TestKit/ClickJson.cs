using System.Globalization;
using System.Text;

namespace StreamEngine.TestKit;

/// <summary>Clicks as Segment's SDK writes them. Without <c>atMs</c> the event's time is its record's.</summary>
public static class ClickJson
{
    public static byte[] Track(string name, string properties = "{}", string? messageId = null, long atMs = 0) =>
        Envelope("track", $"\"event\":\"{name}\",\"properties\":{properties}", messageId, atMs);

    public static byte[] ProductAdded(string product, decimal price, string? messageId = null, long atMs = 0) =>
        Track("Product Added", Text($"{{\"product_id\":\"{product}\",\"price\":{price},\"quantity\":1}}"), messageId, atMs);

    public static byte[] OrderCompleted(string orderId, decimal total, long atMs = 0) =>
        Track("Order Completed", Text($"{{\"order_id\":\"{orderId}\",\"total\":{total},\"currency\":\"EUR\"}}"), null, atMs);

    public static byte[] Page(string name, long atMs = 0) => Envelope("page", $"\"name\":\"{name}\"", null, atMs);

    public static byte[] Consent(string channel, string state) => Track("Consent Updated", $"{{\"channel\":\"{channel}\",\"state\":\"{state}\"}}");

    public static byte[] Identify(string email) => Envelope("identify", $"\"traits\":{{\"email\":\"{email}\"}}", null, 0);

    private static byte[] Envelope(string type, string rest, string? messageId, long atMs)
    {
        var json = new StringBuilder($"{{\"type\":\"{type}\",{rest}");
        if (messageId is not null)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"messageId\":\"{messageId}\"");
        }
        if (atMs != 0)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"timestamp\":\"{DateTimeOffset.FromUnixTimeMilliseconds(atMs):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"");
        }
        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
