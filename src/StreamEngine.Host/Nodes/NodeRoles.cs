using StreamEngine.Host.Commands;

namespace StreamEngine.Host.Nodes;

/// <summary>What a node does. Any number of nodes may do the same.</summary>
public static class NodeRoles
{
    public const string Option = "--role";

    public const string Engine = "engine";

    private static readonly string[] s_all = [Engine];

    /// <param name="text">Roles, separated by commas.</param>
    /// <exception cref="UsageException">One of them is none.</exception>
    public static IReadOnlySet<string> Parse(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (roles.Length == 0)
        {
            throw new UsageException($"{Option} names what this node does: {string.Join(", ", s_all)}");
        }
        foreach (var role in roles)
        {
            if (!s_all.Contains(role, StringComparer.Ordinal))
            {
                var near = NearestSpelling.Of(role, s_all) is { } spelling ? $"did you mean {spelling}?" : $"there is: {string.Join(", ", s_all)}";
                throw new UsageException($"{Option} knows no '{role}'; {near}");
            }
        }
        return roles.ToHashSet(StringComparer.Ordinal);
    }
}
