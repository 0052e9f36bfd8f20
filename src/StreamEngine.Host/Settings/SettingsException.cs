namespace StreamEngine.Host.Settings;

/// <summary>The settings are wrong: say everything that is, and end with <see cref="ExitCode.Usage"/>.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException()
        : this([])
    {
    }

    public SettingsException(string message)
        : this([message])
    {
    }

    public SettingsException(string message, Exception inner)
        : base(message, inner) => Mistakes = [message];

    public SettingsException(IReadOnlyList<string> mistakes)
        : base($"{mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")} in the settings:{string.Concat(mistakes.Select(static m => $"{Environment.NewLine}  {m}"))}") =>
        Mistakes = mistakes;

    /// <summary>Each names its place, what was found, and what is right. None holds a secret.</summary>
    public IReadOnlyList<string> Mistakes { get; }
}
