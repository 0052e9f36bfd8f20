using System.Buffers;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>
/// A session's state as bytes: a version byte, StartedMs, LastActivityMs, then tagged fields in any order. Absent fields have their default. Fields of a newer
/// release are kept and written back, so that a rollback of the engine loses nothing. Times are stored as distance from LastActivityMs,
/// which takes 1 to 4 bytes instead of 6. Field numbers are never reused; every released layout has a golden file in the tests.
/// </summary>
public static class SessionCodec
{
    public const byte Version = 1;

    private const int FieldPhase = 1;
    private const int FieldPage = 2;
    private const int FieldTraits = 3;
    private const int FieldConsents = 4;
    private const int FieldCurrency = 5;
    private const int FieldLastEvent = 6;
    private const int FieldPageSince = 7;
    private const int FieldDwellDone = 8;
    private const int FieldExitDue = 9;
    private const int FieldAbandoned = 10;
    private const int FieldOffsetDone = 11;
    private const int FieldEpisode = 12;
    private const int FieldSnapshotEvent = 13;
    private const int FieldCartEvent = 14;
    private const int FieldOrderEvent = 15;
    private const int FieldLastOrder = 16;
    private const int FieldBought = 17;
    private const int FieldRememberUntil = 18;
    private const int FieldThrottle = 19;
    private const int FieldStatedValue = 20;
    private const int FieldLine = 21;
    private const int FieldMessages = 22;
    private const int FieldCounter = 23;
    private const int FieldCartId = 24;
    private const int FieldCheckoutId = 25;
    private const int FieldCoupon = 26;
    private const int FieldLocale = 27;
    private const int FieldTimeZone = 28;
    private const int FieldPending = 29;
    private const int FieldWithdrawn = 30;

    /// <summary>1 January 3000: a time beyond it, or as far before 1970, was never written, and sums of times stay far from overflow.</summary>
    private const long TimeMsMax = 32_503_680_000_000;

    private const int TraitEmail = 1;
    private const int TraitPhone = 2;
    private const int TraitDeviceShift = 2;
    private const int TraitSegmentShift = 4;
    private const int TraitsMax = TraitEmail | TraitPhone | ((int)Device.Tablet << TraitDeviceShift) | ((int)VisitorSegment.Dormant << TraitSegmentShift);

    /// <summary>More than any count of a session will ever be; one more of it still fits.</summary>
    private const int CountMax = int.MaxValue / 2;

    /// <summary>Appends the session's state; the visitor's key is not part of it.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(CartSession session, IBufferWriter<byte> output)
    {
        var writer = new WireWriter(output.GetSpan(BytesMax(session)));
        var anchor = session.LastActivityMs;
        writer.Raw([Version]);
        writer.Varint((ulong)session.StartedMs);
        writer.SignedVarint(anchor - session.StartedMs);
        writer.Number(FieldPhase, (int)session.Phase);
        writer.Number(FieldPage, (int)session.Page);
        writer.Number(FieldTraits, (session.HasEmail ? TraitEmail : 0) | (session.HasPhone ? TraitPhone : 0)
            | ((int)session.Device << TraitDeviceShift) | ((int)session.Segment << TraitSegmentShift));
        writer.Number(FieldConsents, session.Consents.Bits);
        writer.Number(FieldCurrency, session.Currency.Packed);
        Time(ref writer, FieldLastEvent, session.LastEventMs, anchor);
        Time(ref writer, FieldPageSince, session.PageSinceMs, anchor);
        writer.Number(FieldDwellDone, session.DwellDoneMs + 1);
        Time(ref writer, FieldExitDue, session.ExitDueMs, anchor);
        Time(ref writer, FieldAbandoned, session.AbandonedMs, anchor);
        writer.Number(FieldOffsetDone, session.OffsetDoneMs + 1);
        writer.Number(FieldEpisode, session.Episode);
        Time(ref writer, FieldSnapshotEvent, session.SnapshotEventMs, anchor);
        Time(ref writer, FieldCartEvent, session.CartEventMs, anchor);
        Time(ref writer, FieldOrderEvent, session.OrderEventMs, anchor);
        writer.Hash(FieldLastOrder, session.Extras.LastOrderId);
        writer.Hash(FieldBought, session.Extras.BoughtHash);
        Time(ref writer, FieldRememberUntil, session.RememberUntilMs, anchor);
        if (session.ThrottleUs > anchor * 1000)
        {
            // To the ms: less than one of waiting is lost with a restart.
            Time(ref writer, FieldThrottle, (session.ThrottleUs + 999) / 1000, anchor);
        }
        writer.Number(FieldStatedValue, session.StatedValueMinor + 1);
        WriteLines(ref writer, session);
        WriteMessages(ref writer, session);
        WriteCounters(ref writer, session, anchor);
        WriteTexts(ref writer, session);
        if (session.HasExtras)
        {
            WriteRest(ref writer, session.Extras, anchor);
        }
        output.Advance(writer.Length);
        return writer.Length;
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or of a layout this release does not know.</exception>
    public static void Read(ReadOnlySpan<byte> state, CartSession session, SessionMemory memory)
    {
        var reader = new WireReader(state);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new InvalidDataException($"A session's state has layout {version}; this release reads layout {Version}.");
        }
        session.StartedMs = Checked(unchecked((long)reader.Varint()), 0, TimeMsMax);
        var anchor = session.LastActivityMs = ReadTime(ref reader, session.StartedMs);
        while (!reader.AtEnd)
        {
            var start = reader.Position;
            var tag = reader.Byte();
            var (field, type) = (tag >> 2, (WireType)(tag & 3));
            if (!TryReadField(ref reader, field, type, session, anchor, memory))
            {
                reader.Skip(type);
                KeepUnknown(ref session.GetExtras(memory), reader.Since(start));
            }
        }
    }

    private static bool TryReadField(ref WireReader reader, int field, WireType type, CartSession session, long anchor, SessionMemory memory)
    {
        switch (field, type)
        {
            case (FieldPhase, WireType.Varint): session.Phase = (CartPhase)Checked(reader.SignedVarint(), 0, CartMoves.PhaseCount - 1); return true;
            case (FieldPage, WireType.Varint): session.Page = (PageType)Checked(reader.SignedVarint(), 0, (long)PageType.Other); return true;
            case (FieldTraits, WireType.Varint): ReadTraits((int)Checked(reader.SignedVarint(), 0, TraitsMax), session); return true;
            case (FieldConsents, WireType.Varint): session.Consents = ReadConsents(reader.SignedVarint()); return true;
            case (FieldCurrency, WireType.Varint): session.Currency = ReadCurrency(reader.SignedVarint()); return true;
            case (FieldLastEvent, WireType.Varint): session.LastEventMs = ReadTime(ref reader, anchor); return true;
            case (FieldPageSince, WireType.Varint): session.PageSinceMs = ReadTime(ref reader, anchor); return true;
            case (FieldDwellDone, WireType.Varint): session.DwellDoneMs = Checked(reader.SignedVarint(), 0, TimeMsMax) - 1; return true;
            case (FieldExitDue, WireType.Varint): session.ExitDueMs = ReadTime(ref reader, anchor); return true;
            case (FieldAbandoned, WireType.Varint): session.AbandonedMs = ReadTime(ref reader, anchor); return true;
            case (FieldOffsetDone, WireType.Varint): session.OffsetDoneMs = Checked(reader.SignedVarint(), 0, TimeMsMax) - 1; return true;
            case (FieldEpisode, WireType.Varint): session.Episode = (int)Checked(reader.SignedVarint(), 0, CountMax); return true;
            case (FieldSnapshotEvent, WireType.Varint): session.SnapshotEventMs = ReadTime(ref reader, anchor); return true;
            case (FieldCartEvent, WireType.Varint): session.CartEventMs = ReadTime(ref reader, anchor); return true;
            case (FieldOrderEvent, WireType.Varint): session.OrderEventMs = ReadTime(ref reader, anchor); return true;
            case (FieldLastOrder, WireType.Fixed64): session.GetExtras(memory).LastOrderId = reader.Fixed64(); return true;
            case (FieldBought, WireType.Fixed64): session.GetExtras(memory).BoughtHash = reader.Fixed64(); return true;
            case (FieldRememberUntil, WireType.Varint): session.RememberUntilMs = ReadTime(ref reader, anchor); return true;
            case (FieldThrottle, WireType.Varint): session.ThrottleUs = ReadTime(ref reader, anchor) * 1000; return true;
            case (FieldStatedValue, WireType.Varint): session.StatedValueMinor = Checked(reader.SignedVarint(), 0, Money.MinorMax + 1) - 1; return true;
            case (FieldLine, WireType.Bytes): ReadLine(reader.Text(), session, memory); return true;
            case (FieldMessages, WireType.Bytes): ReadMessages(reader.Text(), session, memory); return true;
            case (FieldCounter, WireType.Bytes): ReadCounter(reader.Text(), session, anchor, memory); return true;
            case (FieldCartId, WireType.Bytes): ReadId(reader.Text(), ref session.GetExtras(memory).CartId, memory); return true;
            case (FieldCheckoutId, WireType.Bytes): ReadId(reader.Text(), ref session.GetExtras(memory).CheckoutId, memory); return true;
            case (FieldCoupon, WireType.Bytes): session.GetExtras(memory).Coupon = memory.Texts.Get(reader.Text()); return true;
            case (FieldLocale, WireType.Bytes): session.Locale = memory.Texts.Get(reader.Text()); return true;
            case (FieldTimeZone, WireType.Bytes): session.GetExtras(memory).TimeZone = memory.Texts.Get(reader.Text()); return true;
            case (FieldPending, WireType.Bytes): ReadPending(reader.Text(), session, anchor, memory); return true;
            case (FieldWithdrawn, WireType.Bytes): session.GetExtras(memory).Withdrawals.Read(reader.Text(), anchor); return true;
            default: return false;
        }
    }

    /// <summary>An upper bound that is cheap to compute: what is fixed, and the lengths of what is not.</summary>
    private static int BytesMax(CartSession session)
    {
        var bytes = 256 + MessageRing.Capacity * 8 + Length(session.Locale);
        foreach (ref readonly var line in session.Lines.Span)
        {
            bytes += line.Product.Length + line.Name.Length + 40;
        }
        foreach (ref readonly var counter in session.Counters.Span)
        {
            bytes += 48 + 10 * (counter.WindowMs?.Length ?? 0);
        }
        if (session.HasExtras)
        {
            ref readonly var extras = ref session.Extras;
            bytes += 128 + extras.CartId.Count + extras.CheckoutId.Count + Length(extras.Coupon) + Length(extras.TimeZone)
                + Length(extras.UnknownFields) + 32 * extras.Pending.Count;
        }
        return bytes;

        static int Length(byte[]? text) => text?.Length ?? 0;
    }

    private static void Time(ref WireWriter writer, int field, long ms, long anchor)
    {
        // 0 means never and is left out; a time equal to the anchor is a zero that must be written.
        if (ms != 0)
        {
            writer.Tag(field, WireType.Varint);
            writer.SignedVarint(ms - anchor);
        }
    }

    private static void WriteLines(ref WireWriter writer, CartSession session)
    {
        Span<byte> number = stackalloc byte[32];
        foreach (ref readonly var line in session.Lines.Span)
        {
            var numbers = new WireWriter(number);
            numbers.Varint((ulong)line.Quantity);
            numbers.Varint((ulong)(line.PriceMinor + 1));
            writer.Tag(FieldLine, WireType.Bytes);
            writer.Varint((ulong)(line.Product.Length + line.Name.Length + VarintBytes(line.Product.Length) + VarintBytes(line.Name.Length) + numbers.Length));
            writer.Text(line.Product);
            writer.Text(line.Name);
            writer.Raw(number[..numbers.Length]);
        }

        static int VarintBytes(int value)
        {
            var bytes = 1;
            for (; value >= 0x80; value >>= 7)
            {
                bytes++;
            }
            return bytes;
        }
    }

    private static void ReadLine(ReadOnlySpan<byte> bytes, CartSession session, SessionMemory memory)
    {
        var reader = new WireReader(bytes);
        var product = memory.Texts.Get(reader.Text());
        var name = memory.Texts.Get(reader.Text());
        session.Lines.Append(new CartLine(
            product, name, (int)reader.VarintWithin(1, CartEdit.QuantityMax), (long)reader.VarintWithin(0, Money.MinorMax + 1) - 1), memory.Lines);
    }

    private static void ReadId(ReadOnlySpan<byte> bytes, ref SlabList<byte> id, SessionMemory memory)
    {
        Checked(bytes.Length, 0, SlabList<byte>.CountMax);
        id.CopyFrom(bytes, memory.Bytes);
    }

    private static void WriteMessages(ref WireWriter writer, CartSession session)
    {
        var ids = session.Messages.Span;
        if (ids.IsEmpty)
        {
            return;
        }
        writer.Tag(FieldMessages, WireType.Bytes);
        writer.Varint((ulong)ids.Length * 8);
        foreach (var id in ids)
        {
            writer.Fixed64(id);
        }
    }

    private static void ReadMessages(ReadOnlySpan<byte> bytes, CartSession session, SessionMemory memory)
    {
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            session.Messages.Add(reader.Fixed64(), memory.Messages);
        }
    }

    private static void WriteCounters(ref WireWriter writer, CartSession session, long anchor)
    {
        Span<byte> body = stackalloc byte[64 + 10 * 16];
        foreach (ref readonly var counter in session.Counters.Span)
        {
            var windows = counter.WindowMs ?? [];
            // A window limit above 16 keeps its own buffer: rare, and never on a stack.
            var buffer = windows.Length <= 16 ? body : new byte[64 + 10 * windows.Length];
            var inner = new WireWriter(buffer);
            inner.Varint(counter.Tactic);
            inner.Varint((ulong)counter.Decisions);
            inner.Varint((ulong)counter.InCart);
            inner.Varint((ulong)counter.InSession);
            inner.Varint(counter.HeldInCart);
            inner.Varint((ulong)windows.Length);
            foreach (var time in windows)
            {
                inner.SignedVarint(time - anchor);
            }
            writer.Bytes(FieldCounter, buffer[..inner.Length]);
        }
    }

    private static void ReadCounter(ReadOnlySpan<byte> bytes, CartSession session, long anchor, SessionMemory memory)
    {
        var reader = new WireReader(bytes);
        ref var counter = ref session.Counters.Of((uint)reader.VarintWithin(0, uint.MaxValue), memory.Counters);
        counter.Decisions = (int)reader.VarintWithin(0, CountMax);
        counter.InCart = (int)reader.VarintWithin(0, CountMax);
        counter.InSession = (int)reader.VarintWithin(0, CountMax);
        counter.HeldInCart = (ushort)reader.VarintWithin(0, ushort.MaxValue);
        var windows = reader.Varint();
        if (windows == 0)
        {
            return;
        }
        if (windows > (ulong)bytes.Length)
        {
            throw new InvalidDataException("A session's state counts more than it holds.");
        }
        counter.WindowMs = new long[windows];
        foreach (ref var time in counter.WindowMs.AsSpan())
        {
            time = ReadTime(ref reader, anchor);
        }
    }

    private static void WriteTexts(ref WireWriter writer, CartSession session)
    {
        ref readonly var extras = ref session.Extras;
        Text(ref writer, FieldCartId, extras.CartId.Span);
        Text(ref writer, FieldCheckoutId, extras.CheckoutId.Span);
        Text(ref writer, FieldCoupon, extras.Coupon);
        Text(ref writer, FieldLocale, session.Locale);
        Text(ref writer, FieldTimeZone, extras.TimeZone);

        static void Text(ref WireWriter writer, int field, ReadOnlySpan<byte> text)
        {
            if (!text.IsEmpty)
            {
                writer.Bytes(field, text);
            }
        }
    }

    private static void WriteRest(ref WireWriter writer, in SessionExtras extras, long anchor)
    {
        Span<byte> id = stackalloc byte[26];
        foreach (ref readonly var pending in extras.Pending.Span)
        {
            pending.Id.WriteTo(id);
            var time = new WireWriter(id[16..]);
            time.SignedVarint(pending.NotBeforeMs - anchor);
            writer.Bytes(FieldPending, id[..(16 + time.Length)]);
        }
        extras.Withdrawals.Write(ref writer, FieldWithdrawn, anchor);
        writer.Raw(extras.UnknownFields);
    }

    private static void ReadPending(ReadOnlySpan<byte> bytes, CartSession session, long anchor, SessionMemory memory)
    {
        var reader = new WireReader(bytes);
        var id = ActionId.FromBytes(reader.Raw(16));
        session.GetExtras(memory).Pending.Add(memory.Pending) = new PendingAction(id, ReadTime(ref reader, anchor));
    }

    /// <summary>What is read indexes tables and is added up: a value that was never written must not get that far.</summary>
    private static long Checked(long value, long min, long max) => value >= min && value <= max
        ? value
        : throw new InvalidDataException($"A session's state holds {value} where {min} to {max} can stand.");

    internal static long ReadTime(ref WireReader reader, long anchor)
    {
        var distance = Checked(reader.SignedVarint(), -2 * TimeMsMax, 2 * TimeMsMax);
        return Checked(anchor + distance, -TimeMsMax, TimeMsMax);
    }

    private static ConsentSet ReadConsents(long bits)
    {
        var consents = new ConsentSet((byte)Checked(bits, 0, byte.MaxValue));
        for (var channel = Channel.Chat; channel <= Channel.Agent; channel++)
        {
            Checked((long)consents[channel], 0, (long)ConsentState.Withdrawn);
        }
        return consents;
    }

    private static Currency ReadCurrency(long packed)
    {
        Span<byte> letters = [(byte)(packed >> 16), (byte)(packed >> 8), (byte)packed];
        return packed == 0 ? default
            : Currency.TryParse(letters, out var currency) && currency.Packed == packed ? currency
            : throw new InvalidDataException($"A session's state holds {packed} where a currency can stand.");
    }

    private static void ReadTraits(int traits, CartSession session)
    {
        session.HasEmail = (traits & TraitEmail) != 0;
        session.HasPhone = (traits & TraitPhone) != 0;
        session.Device = (Device)((traits >> TraitDeviceShift) & 3);
        session.Segment = (VisitorSegment)((traits >> TraitSegmentShift) & 3);
    }

    private static void KeepUnknown(ref SessionExtras extras, ReadOnlySpan<byte> field)
    {
        var known = extras.UnknownFields ?? [];
        var kept = new byte[known.Length + field.Length];
        known.CopyTo(kept, 0);
        field.CopyTo(kept.AsSpan(known.Length));
        extras.UnknownFields = kept;
    }
}
