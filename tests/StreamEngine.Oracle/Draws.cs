using System.Security.Cryptography;
using System.Text;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle;

/// <summary>Ids of decisions and the draws of hold-out and variants, byte for byte as docs/tactics.md says.</summary>
internal sealed class Draws(OracleRules rules)
{
    public string IdOf(byte[] visitor, long startedMs, int episode, string name, int occurrence)
    {
        var bytes = new List<byte>();
        AddText(Encoding.UTF8.GetBytes(rules.Store));
        AddText(visitor);
        bytes.AddRange(BitConverter.GetBytes(startedMs));
        bytes.AddRange(BitConverter.GetBytes(occurrence));
        bytes.AddRange(BitConverter.GetBytes(episode));
        AddText(Encoding.UTF8.GetBytes(name));
        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())[..16]);

        void AddText(byte[] text)
        {
            bytes.AddRange(BitConverter.GetBytes((long)text.Length));
            bytes.AddRange(text);
        }
    }

    public bool IsHeldOut(byte[] visitor)
    {
        var salt = Xxh64.Of(Encoding.UTF8.GetBytes(rules.Tactics.HoldOutSalt), 0);
        return Xxh64.Of(visitor, salt) % 10_000 < Math.Round(rules.Tactics.HoldOutPercent * 100);
    }

    public Variant? VariantOf(Tactic tactic, byte[] visitor)
    {
        if (tactic.Variants.Count == 0)
        {
            return null;
        }
        var seed = Xxh64.Of(Encoding.UTF8.GetBytes(tactic.Name), 0) & 0xFFFFFFFF;
        var tickets = tactic.Variants.SelectMany(v => Enumerable.Repeat(v, v.Weight)).ToArray();
        return tickets[Xxh64.Of(visitor, seed) % (ulong)tickets.Length];
    }
}
