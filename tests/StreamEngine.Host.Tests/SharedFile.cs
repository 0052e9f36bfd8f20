using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests;

/// <summary>Data that lies beside the repository. A test that needs some skips where it is missing.</summary>
internal static class SharedFile
{
    public static string PathOf(string relativePath)
    {
        var path = SharedData.Find(relativePath);
        Assert.SkipUnless(path is not null, SharedData.MissingMessage(relativePath));
        return path;
    }
}
