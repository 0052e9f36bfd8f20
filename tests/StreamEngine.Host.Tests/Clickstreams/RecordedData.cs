using Xunit;

namespace StreamEngine.Host.Tests.Clickstreams;

/// <summary>The recorded clickstreams, which lie beside the repository and are not part of it. Tests skip where they are missing.</summary>
internal static class RecordedData
{
    public static string Path(params string[] parts)
    {
        var shared = Environment.GetEnvironmentVariable("STREAMENGINE_SHARED") is { Length: > 0 } set ? set : BesideRepository();
        var path = System.IO.Path.Combine([shared, "data", .. parts]);
        Assert.SkipUnless(File.Exists(path), $"{path} is missing: this test reads recorded data. Put it there or set STREAMENGINE_SHARED to the folder that holds data/.");
        return path;
    }

    private static string BesideRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "StreamEngine.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, "..", "shared");
            }
        }
        return "shared";
    }
}
