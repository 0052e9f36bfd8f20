namespace StreamEngine.Host.Tests;

/// <summary>The files of the checkout these tests were built from.</summary>
internal static class Checkout
{
    private static readonly string[] Built = ["bin", "obj", "artifacts", "data", "TestResults", ".git", ".vs", ".idea", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>All files somebody wrote, by full path.</summary>
    public static IEnumerable<string> Files() => FilesBelow(Root);

    private static IEnumerable<string> FilesBelow(string directory) => Directory.EnumerateFiles(directory).Concat(
        Directory.EnumerateDirectories(directory).Where(static d => !Built.Contains(Path.GetFileName(d), StringComparer.Ordinal)).SelectMany(FilesBelow));

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "StreamEngine.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"No StreamEngine.sln above {AppContext.BaseDirectory}.");
        }
        return directory;
    }
}
