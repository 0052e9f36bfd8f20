namespace StreamEngine.Host.Commands;

/// <summary>Asks a person before something is done that cannot be taken back.</summary>
public static class Confirmation
{
    /// <exception cref="UsageException">Nobody is there to ask.</exception>
    public static bool Ask(TextWriter output)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("nobody can be asked here: repeat with --yes if you mean it. Nothing was done");
        }
        output.Write("Type yes to do it: ");
        output.Flush();
        return string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }
}
