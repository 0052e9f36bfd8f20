using BenchmarkDotNet.Attributes;
using StreamEngine.Engine.Deadlines;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>A deadline within the hour is armed in a wheel that holds a million, and disarmed again.</summary>
public class ArmDeadline
{
    private const int Armed = 1_000_000;
    private const int Steps = 1_000;
    private const long HourMs = 3_600_000;

    private readonly object _owner = new();
    private readonly DeadlineWheel<object> _wheel = new(0);

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Armed; i++)
        {
            _wheel.Arm(_owner, i % HourMs);
        }
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public void ArmAndDisarm()
    {
        for (var i = 0; i < Steps; i++)
        {
            _wheel.Disarm(_wheel.Arm(_owner, i * 997L % HourMs));
        }
    }
}
