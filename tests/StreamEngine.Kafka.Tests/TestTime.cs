namespace StreamEngine.Kafka.Tests;

internal static class TestTime
{
    /// <summary>Nothing here takes so long unless it hangs.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(45);

    /// <summary>Long enough that a record on its way would have come.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(700);

    public static TimeSpan Since(long timestamp) => TimeProvider.System.GetElapsedTime(timestamp);

    public static long Now => TimeProvider.System.GetTimestamp();
}
