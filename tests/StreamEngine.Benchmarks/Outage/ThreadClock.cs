using System.Globalization;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>What threads of this process have taken of the processor since their start, by name, as Linux counts it: in steps of 10 ms.</summary>
public static class ThreadClock
{
    private const int TicksPerSecond = 100;

    /// <summary>Places of user and system time in a thread's stat, behind its name.</summary>
    private const int UserTicks = 11;
    private const int SystemTicks = 12;

    /// <summary>Of all threads with one of these names.</summary>
    public static TimeSpan Read(params ReadOnlySpan<string> names)
    {
        long ticks = 0;
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(thread, "stat"));
            }
            catch (IOException)
            {
                // It has ended since.
                continue;
            }
            var end = stat.LastIndexOf(')');
            if (names.Contains(stat[(stat.IndexOf('(') + 1)..end]))
            {
                var fields = stat[(end + 2)..].Split(' ');
                ticks += long.Parse(fields[UserTicks], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTicks], CultureInfo.InvariantCulture);
            }
        }
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }
}
