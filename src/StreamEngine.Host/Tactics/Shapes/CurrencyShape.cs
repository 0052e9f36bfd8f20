using System.Text.Json.Nodes;
using StreamEngine.Carts;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A currency in use: any three letters would make a tactic that silently never fires.</summary>
internal sealed class CurrencyShape() : ScalarShape<Currency>("a currency", "EUR")
{
    // ISO 4217, the codes of money that circulates; the most traded first, since of two equally near spellings the first is suggested.
    private static readonly string[] Codes = (
        "EUR USD GBP JPY CHF CAD AUD SEK NOK DKK PLN CZK " +
        "AED AFN ALL AMD AOA ARS AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CDF CLP CNY COP CRC CUP CVE " +
        "DJF DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD KES KGS KHR " +
        "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NPR NZD OMR PAB " +
        "PEN PGK PHP PKR PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD " +
        "TZS UAH UGX UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG").Split(' ');

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out Currency value)
    {
        value = default;
        if (!Codes.Contains(scalar.Text, StringComparer.Ordinal))
        {
            return Complain(scalar, mistakes, "write its three letters of ISO 4217, such as EUR or USD", NearestSpelling.Of(scalar.Text, Codes));
        }
        value = Currency.Parse(scalar.Text);
        return true;
    }

    public override JsonObject Schema(SchemaParts parts) =>
        parts.Refer("currency", () => new JsonObject { ["enum"] = new JsonArray([.. Codes.Select(c => (JsonNode)c)]) });
}
