namespace StreamEngine.Carts.Clicks;

public enum ConsentState : byte
{
    Unknown,
    Granted,
    Withdrawn,
}

/// <summary>The ways to reach a shopper. <see cref="None"/> is for facts, which nobody receives as a message.</summary>
public enum Channel : byte
{
    None,
    Chat,
    Email,
    Sms,
    Agent,
}

/// <summary>Consent per channel, two bits each.</summary>
public readonly record struct ConsentSet(byte Bits)
{
    public ConsentState this[Channel channel] => (ConsentState)((Bits >> Shift(channel)) & 3);

    public ConsentSet With(Channel channel, ConsentState state) =>
        new((byte)((Bits & ~(3 << Shift(channel))) | ((int)state << Shift(channel))));

    private static int Shift(Channel channel) => channel == Channel.None
        ? throw new ArgumentOutOfRangeException(nameof(channel), "a fact needs no consent")
        : ((int)channel - 1) * 2;
}
