using System.Text.Json;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// A JSON value where it lies in the record. Whether it matters, and so whether it may be faulty, is known only once the whole
/// record is read: the event's name may stand behind its properties. <c>default</c> is absent, and so is null.
/// </summary>
/// <param name="Start">First byte in the record; of a string, the one behind the quote.</param>
/// <param name="Length">Bytes of a scalar as written; 0 for objects and arrays.</param>
internal readonly record struct RawValue(JsonTokenType Type, bool IsEscaped, int Start, int Length)
{
    public bool IsAbsent => Type is JsonTokenType.None or JsonTokenType.Null;

    public bool IsEmptyText => Type == JsonTokenType.String && Length == 0;
}

/// <summary>One product of the record, not yet decoded.</summary>
internal struct RawLine
{
    public RawValue Product;
    public RawValue Name;
    public RawValue Quantity;
    public RawValue Price;
    public RawValue Currency;

    /// <summary>Where the product begins in the record.</summary>
    public int Start;

    /// <summary>What stood in the list was no object.</summary>
    public bool IsNoProduct;

    // A product has several ids; the field that ranks first in Field names it, wherever it stands.
    private Field _productFrom;

    public void Set(Field field, RawValue value)
    {
        switch (field)
        {
            case <= Field.ItemId:
                if (!value.IsEmptyText && (Product.IsAbsent || field <= _productFrom))
                {
                    Product = value;
                    _productFrom = field;
                }
                break;
            case Field.ProductName:
                Name = value;
                break;
            case Field.Quantity:
                Quantity = value;
                break;
            case Field.Price:
                Price = value;
                break;
            case Field.Currency:
                Currency = value;
                break;
        }
    }
}
