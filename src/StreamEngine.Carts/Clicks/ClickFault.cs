namespace StreamEngine.Carts.Clicks;

/// <summary>Why a record could not be taken as a click. The names go into the dead letters as they are.</summary>
public enum FaultReason : byte
{
    None,
    BrokenJson,
    InvalidUtf8,
    TooLarge,
    TooDeep,
    NotAnObject,
    MissingVisitor,
    VisitorTooLong,
    MissingField,
    WrongType,
    TextTooLong,
    BadPrice,
    BadQuantity,
    BadCurrency,
    BadTimestamp,
    TooManyLines,
    MixedCurrency,
    CartValueTooLarge,
    SessionCorrupt,
}

/// <param name="Field">The JSON field concerned, or null.</param>
/// <param name="BytePosition">Bytes from the start of the record value, where the fault was noticed.</param>
public readonly record struct ClickFault(FaultReason Reason, string? Field, long BytePosition)
{
    public override string ToString() => Field is null ? $"{Reason} at byte {BytePosition}" : $"{Reason} in '{Field}' at byte {BytePosition}";
}
