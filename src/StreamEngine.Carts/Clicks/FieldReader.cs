using System.Text.Json;
using StreamEngine.Carts.Actions;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Decodes single values of a record that was scanned. Each method answers whether the click may go on: a value that is absent is fine
/// and leaves its result absent, a faulty one ends the click with <see cref="Fault"/>, or counts as absent while <see cref="IsLenient"/>.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> record, Click click, int textBytesMax)
{
    private readonly ReadOnlySpan<byte> _record = record;

    public bool IsLenient { get; set; }

    public ClickFault Fault { get; private set; }

    /// <summary>Reports a fault; true where it may be overlooked.</summary>
    public bool Overlooks(FaultReason reason, string field, int at)
    {
        if (!IsLenient)
        {
            Fault = new ClickFault(reason, field, at);
        }
        return IsLenient;
    }

    public bool Missing(string field) => Overlooks(FaultReason.MissingField, field, _record.Length);

    /// <summary>Copies text, or the digits of a number, into the click.</summary>
    public bool TryKeep(RawValue raw, string field, out TextRange text)
    {
        text = default;
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        if (plain.Length > textBytesMax)
        {
            return Overlooks(FaultReason.TextTooLong, field, raw.Start);
        }
        // Unescaped text lies where the click's next text goes: AddText would copy it onto itself.
        text = raw.IsEscaped ? click.Commit(plain.Length) : click.AddText(plain);
        return true;
    }

    /// <summary>Checks that text could be kept, and forgets it.</summary>
    public bool TryMeasure(RawValue raw, string field)
    {
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        return plain.Length <= textBytesMax || Overlooks(FaultReason.TextTooLong, field, raw.Start);
    }

    /// <param name="hash">0 absent.</param>
    public bool TryHash(RawValue raw, string field, out ulong hash)
    {
        hash = 0;
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        hash = plain.IsEmpty ? 0 : Hash64.Of(plain);
        return true;
    }

    /// <summary>Reads an amount of money, exactly.</summary>
    /// <param name="amountE4">In 1/10,000 units; -1 absent.</param>
    public bool TryMoney(RawValue raw, string field, long maxE4, out long amountE4)
    {
        amountE4 = -1;
        if (raw.IsAbsent)
        {
            return true;
        }
        if (!TryNumber(raw, field, FaultReason.BadPrice, decimals: 4, maxE4, out var value, out _))
        {
            return IsLenient;
        }
        amountE4 = value;
        return true;
    }

    /// <param name="count">-1 absent.</param>
    public bool TryCount(RawValue raw, string field, FaultReason reason, int max, out int count)
    {
        count = -1;
        if (raw.IsAbsent)
        {
            return true;
        }
        if (!TryNumber(raw, field, reason, decimals: 0, max, out var value, out var isExact))
        {
            return IsLenient;
        }
        if (!isExact)
        {
            return Overlooks(reason, field, raw.Start);
        }
        count = (int)value;
        return true;
    }

    /// <summary>Reads a share, said as 0 to 1 or as 0 to 100.</summary>
    /// <param name="percent">-1 absent.</param>
    public bool TryPercent(RawValue raw, string field, out int percent)
    {
        percent = -1;
        if (raw.IsAbsent)
        {
            return true;
        }
        if (!TryNumber(raw, field, FaultReason.WrongType, decimals: 4, 100_0000, out var value, out _))
        {
            return IsLenient;
        }
        percent = (int)((value <= 1_0000 ? value * 100 : value) + 5000) / 1_0000;
        return true;
    }

    public bool TryCurrency(RawValue raw, out Currency currency)
    {
        currency = default;
        if (raw.IsAbsent)
        {
            return true;
        }
        if (raw.Type != JsonTokenType.String)
        {
            return Overlooks(FaultReason.WrongType, "currency", raw.Start);
        }
        if (!TryPlain(raw, "currency", out var plain))
        {
            return IsLenient;
        }
        return Currency.TryParse(plain, out currency) || Overlooks(FaultReason.BadCurrency, "currency", raw.Start);
    }

    /// <param name="ms">Unix ms; 0 absent.</param>
    public bool TryTime(RawValue raw, string field, out long ms)
    {
        ms = 0;
        if (raw.IsAbsent || raw.IsEmptyText)
        {
            return true;
        }
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        if (ClickTime.TryParse(plain, out var read))
        {
            ms = read;
            return true;
        }
        return Overlooks(FaultReason.BadTimestamp, field, raw.Start);
    }

    public bool TryConsent(RawValue raw, string field, out ConsentState state)
    {
        state = raw.Type switch
        {
            JsonTokenType.True => ConsentState.Granted,
            JsonTokenType.False => ConsentState.Withdrawn,
            _ => ConsentState.Unknown,
        };
        if (raw.IsAbsent || state != ConsentState.Unknown)
        {
            return true;
        }
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        state = ClickWords.ConsentOf(plain);
        return state != ConsentState.Unknown || Overlooks(FaultReason.WrongType, field, raw.Start);
    }

    public bool TryActionId(RawValue raw, string field, out ActionId id)
    {
        id = default;
        if (raw.IsAbsent || raw.IsEmptyText)
        {
            return Missing(field);
        }
        if (!TryPlain(raw, field, out var plain))
        {
            return IsLenient;
        }
        return ActionId.TryParse(plain, out id) || Overlooks(FaultReason.WrongType, field, raw.Start);
    }

    /// <summary>A string, without its escapes, or a number as it was written; empty when absent. Holds until the click takes more text.</summary>
    /// <returns>False for a faulty value, which is then absent or the click's end.</returns>
    public bool TryPlain(RawValue raw, string field, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        if (raw.IsAbsent)
        {
            return true;
        }
        if (raw.Type is not (JsonTokenType.String or JsonTokenType.Number))
        {
            Overlooks(FaultReason.WrongType, field, raw.Start);
            return false;
        }
        plain = _record.Slice(raw.Start, raw.Length);
        if (!raw.IsEscaped)
        {
            return true;
        }
        var room = click.Reserve(raw.Length);
        if (!JsonText.TryUnescape(plain, room, out var length))
        {
            Overlooks(FaultReason.InvalidUtf8, field, raw.Start);
            return false;
        }
        plain = room[..length];
        return true;
    }

    private bool TryNumber(RawValue raw, string field, FaultReason reason, int decimals, long max, out long value, out bool isExact)
    {
        value = 0;
        isExact = true;
        if (!TryPlain(raw, field, out var plain))
        {
            return false;
        }
        if (!ExactDecimal.TryParse(plain, decimals, max, out value, out isExact))
        {
            Overlooks(reason, field, raw.Start);
            return false;
        }
        return true;
    }
}
