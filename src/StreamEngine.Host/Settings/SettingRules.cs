namespace StreamEngine.Host.Settings;

/// <summary>What must be true between settings that are each right by themselves.</summary>
public static class SettingRules
{
    public static IEnumerable<string> Broken(HostSettings s)
    {
        if (s.Engine.LingerMsMin > s.Engine.LingerMsMax)
        {
            yield return $"Engine:LingerMsMin is {s.Engine.LingerMsMin} and Engine:LingerMsMax is {s.Engine.LingerMsMax}; write a minimum that is not above the maximum";
        }
        if (s.Engine.RetryMsMin > s.Engine.RetryMsMax)
        {
            yield return $"Engine:RetryMsMin is {s.Engine.RetryMsMin} and Engine:RetryMsMax is {s.Engine.RetryMsMax}; write a minimum that is not above the maximum";
        }
        if (s.Clicks.TextBytesMax > s.Clicks.RecordBytesMax)
        {
            yield return $"Clicks:TextBytesMax is {s.Clicks.TextBytesMax} and Clicks:RecordBytesMax is {s.Clicks.RecordBytesMax}; a text cannot be longer than its record";
        }
        if (s.Store is { Kind: StorePart.Postgres, ConnectionStrings.Count: 0 })
        {
            yield return "Store:Kind is postgres and Store:ConnectionStrings is empty; write Store:ConnectionStrings:0, such as Host=db;Database=shop;Username=shop";
        }
        if (s.Store is { Kind: not StorePart.Postgres, ConnectionStrings.Count: > 0 })
        {
            yield return $"Store:ConnectionStrings is for PostgreSQL and Store:Kind is {s.Store.Kind}; write Store:Kind={StorePart.Postgres}, or leave the servers out";
        }
        // Reading what one writes would feed actions back as clicks for ever.
        string[] topics = [s.Kafka.ClicksTopic, s.Kafka.ActionsTopic, s.Kafka.DeadTopic];
        foreach (var twice in topics.GroupBy(static topic => topic, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            yield return $"Kafka:ClicksTopic, Kafka:ActionsTopic and Kafka:DeadTopic: '{twice.Key}' is named {twice.Count()} times; write three different topics";
        }
    }
}
