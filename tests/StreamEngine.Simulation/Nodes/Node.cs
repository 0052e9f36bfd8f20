using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Nodes;

/// <summary>A machine: its clock and its network outlive the processes on it.</summary>
public sealed class Node(World world, string name)
{
    public string Name { get; } = name;

    public NodeClock Clock { get; } = new(world);

    /// <summary>Null while nothing runs.</summary>
    public NodeProcess? Process { get; set; }

    public int Lives { get; set; }

    /// <summary>Spans may overlap: what is counted is over when all of them are.</summary>
    public int CutFromBroker { get; set; }
    public int CutFromStore { get; set; }
    public int Frozen { get; set; }
    public int HoldsReceipts { get; set; }
    public int LogEndsUnknown { get; set; }

    /// <summary>Its wall clock has jumped and is not set right.</summary>
    public int ClockOff { get; set; }

    /// <summary>Nobody starts it before all of these are over.</summary>
    public int Down { get; set; }
}
