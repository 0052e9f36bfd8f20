using System.CommandLine;

namespace StreamEngine.Host.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="description">One or two sentences.</param>
/// <param name="examples">Whole command lines, as one would type them.</param>
public sealed class HostCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
