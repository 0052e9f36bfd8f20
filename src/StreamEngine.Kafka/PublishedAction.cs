using System.Text;

namespace StreamEngine.Kafka;

/// <summary>A record of the actions topic as a subscriber sees it.</summary>
/// <param name="Headers">CloudEvents attributes: "ce_id", "ce_type", ...</param>
public sealed record PublishedAction(
    int Partition, long Offset, long TimestampMs, byte[] Key, byte[] Value, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public string KeyText => Encoding.UTF8.GetString(Key);

    public string ValueText => Encoding.UTF8.GetString(Value);

    /// <returns>Null where the record has no such header.</returns>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
                return value;
        }

        return null;
    }
}
