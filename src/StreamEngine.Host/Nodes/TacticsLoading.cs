using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Tactics;

namespace StreamEngine.Host.Nodes;

public static class TacticsLoading
{
    /// <exception cref="SettingsException">The file has mistakes; it lists them all.</exception>
    public static TacticSet Load(string path, Currency currency)
    {
        var result = TacticsFile.Read(path);
        return result.Definition is { } definition
            ? TacticSet.Compile(definition, currency)
            : throw new SettingsException([.. result.Mistakes.Select(static mistake => mistake.ToString()), $"'streamengine tactics check {path}' shows them in place."]);
    }
}
