using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Clickstreams;

namespace StreamEngine.Host.Shoppers;

/// <summary>A device and where its owner lives: what the context of every click tells.</summary>
internal sealed record Browser(Device Device, string Language, byte[] Locale, byte[] TimeZone, ClickContext Context);

/// <summary>The mix of devices and locales, weighted as common in European shops.</summary>
internal static class Browsers
{
    private static readonly (Device Device, int Weight, string UserAgent)[] s_devices =
    [
        (Device.Mobile, 34, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"),
        (Device.Mobile, 22, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"),
        (Device.Desktop, 38, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
        (Device.Tablet, 6, "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"),
    ];

    private static readonly (string Locale, string TimeZone, int Weight)[] s_locales =
    [
        ("de-DE", "Europe/Berlin", 32), ("de-CH", "Europe/Zurich", 6), ("en-GB", "Europe/London", 20),
        ("en-US", "America/New_York", 18), ("fr-FR", "Europe/Paris", 14), ("es-ES", "Europe/Madrid", 10),
    ];

    private static readonly Browser[] s_all = [.. Mix()];

    /// <summary>One entry for each percent of a percent: drawing one is drawing from the mix.</summary>
    private static readonly byte[] s_weighted = Weighted();

    public static Browser Draw(ref SeededRandom random) => s_all[s_weighted[random.Below(s_weighted.Length)]];

    private static IEnumerable<Browser> Mix()
    {
        foreach (var (device, _, userAgent) in s_devices)
        {
            foreach (var (locale, timeZone, _) in s_locales)
            {
                var context = new ClickContext("analytics.js", "next-1.76.1", device, userAgent, locale, timeZone);
                yield return new Browser(device, locale[..2], Encoding.UTF8.GetBytes(locale), Encoding.UTF8.GetBytes(timeZone), context);
            }
        }
    }

    private static byte[] Weighted()
    {
        var weighted = new List<byte>();
        var browser = 0;
        foreach (var device in s_devices)
        {
            foreach (var locale in s_locales)
            {
                weighted.AddRange(Enumerable.Repeat((byte)browser++, device.Weight * locale.Weight));
            }
        }
        return [.. weighted];
    }
}
