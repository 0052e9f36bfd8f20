namespace StreamEngine.Host.Tests.Tactics;

/// <summary>The files that the product ships, found from wherever the tests run.</summary>
internal static class ShippedFile
{
    public static string Tactics { get; } = Path.Combine(RootFolder(), "config", "tactics.yaml");

    public static string Schema { get; } = Path.Combine(RootFolder(), "config", "tactics.schema.json");

    private static string RootFolder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "StreamEngine.sln")))
            {
                return folder;
            }
        }
        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds StreamEngine.sln: run the tests inside the repository");
    }
}
