namespace StreamEngine.TestKit;

/// <summary>
/// Finds the data that tests read but the repository does not hold: the folder named by STREAMENGINE_SHARED, else "shared" beside
/// the repository. This project knows no test framework: where a file is missing the test skips with <see cref="MissingMessage"/>.
/// </summary>
public static class SharedData
{
    public const string Variable = "STREAMENGINE_SHARED";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder under the data folder, or null where it does not exist.</summary>
    /// <param name="relativePath">With '/' between parts, e.g. "data/naughty-strings/blns.json".</param>
    public static string? Find(string relativePath)
    {
        if (Root is null)
        {
            return null;
        }
        var path = Path.GetFullPath(Path.Combine(Root, relativePath));
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    public static string MissingMessage(string relativePath) => Root is null
        ? $"'{relativePath}' is not there: no folder 'shared' beside the repository; name it in {Variable}."
        : $"'{relativePath}' is not in {Root}; {Variable} names another folder.";

    private static string? FindRoot()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamEngine.sln")))
            {
                var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(beside) ? beside : null;
            }
        }
        return null;
    }
}
