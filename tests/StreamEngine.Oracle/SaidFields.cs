using System.Globalization;
using System.Text.Json;

namespace StreamEngine.Oracle;

/// <summary>The value is none that the field may have. Whether that ends the click or is overlooked depends on the kind.</summary>
internal sealed class FaultyFieldException(string field) : Exception($"'{field}' cannot be read");

/// <summary>Single fields of a record: strings and numbers are taken for each other, null and "" are absent.</summary>
/// <param name="isLenient">A faulty value counts as absent.</param>
internal sealed class SaidFields(JsonElement place, bool isLenient)
{
    public bool Has(string name) => Find(name) is not null;

    public JsonElement? Find(params string[] names)
    {
        foreach (var name in names)
        {
            if (place.ValueKind == JsonValueKind.Object && place.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }
        return null;
    }

    public string? Text(params string[] names) => Read<string>(names, value => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new FaultyFieldException(names[0]),
    });

    public decimal? Number(decimal max, params string[] names)
    {
        string? Plain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw new FaultyFieldException(names[0]),
        };
        var text = Read<string>(names, Plain);
        if (text is null)
        {
            return null;
        }
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= max)
        {
            return number;
        }
        return isLenient ? null : throw new FaultyFieldException(names[0]);
    }

    public int? Count(int max, params string[] names)
    {
        var number = Number(max, names);
        if (number is { } count && count != Math.Floor(count))
        {
            return isLenient ? null : throw new FaultyFieldException(names[0]);
        }
        return (int?)number;
    }

    public string? Currency()
    {
        var text = Read<string>(["currency"], value => value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FaultyFieldException("currency"));
        if (text is null)
        {
            return null;
        }
        if (text.Length == 3 && text.All(char.IsAsciiLetter))
        {
            return text.ToUpperInvariant();
        }
        return isLenient ? null : throw new FaultyFieldException("currency");
    }

    public long? TimeMs(params string[] names)
    {
        var text = Text(names);
        if (text is null)
        {
            return null;
        }
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) && time.ToUnixTimeMilliseconds() > 0)
        {
            return time.ToUnixTimeMilliseconds();
        }
        return isLenient ? null : throw new FaultyFieldException(names[0]);
    }

    /// <returns>True for a yes, false for a no.</returns>
    public bool? Consent(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "granted" or "true" or "opt_in" or "opted_in" => true,
        JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "withdrawn" or "false" or "opt_out" or "opted_out" or "denied" or "revoked" => false,
        _ => isLenient ? null : throw new FaultyFieldException(name),
    };

    private T? Read<T>(string[] names, Func<JsonElement, T?> read)
        where T : class
    {
        if (Find(names) is not { } value)
        {
            return null;
        }
        try
        {
            return read(value);
        }
        catch (FaultyFieldException) when (isLenient)
        {
            return null;
        }
    }
}
