using System.Text;

namespace StreamEngine.Carts.Clicks;

/// <summary>The vocabularies of single fields: channels, consent states, devices. Letter case does not count.</summary>
internal static class ClickWords
{
    public static Channel ChannelOf(ReadOnlySpan<byte> word) =>
        Is(word, "email"u8) || Is(word, "e-mail"u8) ? Channel.Email
        : Is(word, "sms"u8) ? Channel.Sms
        : Is(word, "chat"u8) ? Channel.Chat
        : Is(word, "agent"u8) ? Channel.Agent
        : Channel.None;

    /// <summary>A shopper who leaves for good withdraws from all channels in one click.</summary>
    public static bool MeansAllChannels(ReadOnlySpan<byte> word) => Is(word, "all"u8);

    public static ConsentState ConsentOf(ReadOnlySpan<byte> word) =>
        Is(word, "granted"u8) || Is(word, "true"u8) || Is(word, "opt_in"u8) || Is(word, "opted_in"u8) ? ConsentState.Granted
        : Is(word, "withdrawn"u8) || Is(word, "false"u8) || Is(word, "opt_out"u8) || Is(word, "opted_out"u8)
            || Is(word, "denied"u8) || Is(word, "revoked"u8) ? ConsentState.Withdrawn
        : ConsentState.Unknown;

    public static Device DeviceOf(ReadOnlySpan<byte> word) =>
        Is(word, "desktop"u8) ? Device.Desktop
        : Is(word, "mobile"u8) || Is(word, "phone"u8) || Is(word, "smartphone"u8) || Is(word, "ios"u8) || Is(word, "android"u8) ? Device.Mobile
        : Is(word, "tablet"u8) || Is(word, "ipad"u8) ? Device.Tablet
        : Device.Unknown;

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> known) => word.Length == known.Length && Ascii.EqualsIgnoreCase(word, known);
}
