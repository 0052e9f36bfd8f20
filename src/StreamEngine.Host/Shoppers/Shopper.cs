using System.Buffers;
using System.Buffers.Binary;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Shoppers;

/// <summary>One click of a script. Small, because every shopper who is in the shop holds the rest of the script.</summary>
internal struct Step
{
    /// <summary>When it reaches the stream, Unix ms.</summary>
    public long DeliveredMs;

    /// <summary>How long before that it happened, ms.</summary>
    public int AgeMs;

    /// <summary>Message number of its shopper: a duplicate has that of its original.</summary>
    public ushort Message;

    /// <summary>Index in the catalog, or the line of the cart for clicks that add and remove.</summary>
    public ushort Product;
    public ClickKind Kind;
    public PageType Page;

    /// <summary>Lines in the cart once it has happened: the first ones that the shopper ever adds.</summary>
    public byte LineCount;
    public bool IsDuplicate;

    public readonly long HappenedMs => DeliveredMs - AgeMs;
}

internal readonly record struct CartLine(ushort Product, byte Quantity);

/// <summary>A visitor with the script of the whole visit or visits, played step by step. Reused for the next visitor when the script is over.</summary>
internal sealed class Shopper
{
    public const int LinesMax = 6;
    private const ulong KeyMember = 0xFFFF_FFFF;

    private readonly CartLine[] _lines = new CartLine[LinesMax];
    private Step[] _steps = [];
    private int _stepCount;
    private int _next;
    private ulong _identity;

    public long Number { get; private set; }

    /// <summary>A UUID as text. Handed out with clicks, therefore never reused.</summary>
    public byte[] Key { get; private set; } = [];
    public Browser Browser { get; set; } = null!;
    public Contact Contact { get; set; }
    public Span<CartLine> Lines => _lines;
    public ref readonly Step Current => ref _steps[_next];

    /// <summary>Starts a new visitor; what follows with the same number and seed is always the same.</summary>
    public SeededRandom Begin(ulong seed, long number)
    {
        Number = number;
        var random = SeededRandom.Of(seed, (ulong)number);
        _identity = random.Next();
        Key = new byte[36];
        WriteUuid(KeyMember, Key);
        Contact = default;
        return random;
    }

    public void Script(ReadOnlySpan<Step> steps)
    {
        _steps = ArrayPool<Step>.Shared.Rent(steps.Length);
        steps.CopyTo(_steps);
        (_stepCount, _next) = (steps.Length, 0);
    }

    /// <returns>False at the end of the script.</returns>
    public bool MoveOn()
    {
        if (++_next < _stepCount)
        {
            return true;
        }
        ArrayPool<Step>.Shared.Return(_steps);
        _steps = [];
        return false;
    }

    /// <summary>The id of one of the shopper's messages, as 36 characters.</summary>
    public void WriteUuid(ulong member, Span<byte> text)
    {
        var random = SeededRandom.Of(_identity, member);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, random.Next());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], random.Next());
        // Version 4, variant 1, as a random UUID says of itself.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        new Guid(bytes, bigEndian: true).TryFormat(text, out _);
    }
}

/// <summary>What an identify tells. Addresses end in example.com and numbers in the ranges kept for fiction: none can reach a person.</summary>
internal readonly record struct Contact(bool EmailConsent, bool SmsConsent, int OrderCount);
