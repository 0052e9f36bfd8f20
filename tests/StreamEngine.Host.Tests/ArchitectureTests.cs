using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace StreamEngine.Host.Tests;

/// <summary>Arrows point inward to Carts: who may reference whom.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>Exactly these, named without "StreamEngine.".</summary>
    private static readonly Dictionary<string, string[]> ReferencesOfProduct = new(StringComparer.Ordinal)
    {
        ["Carts"] = [],
        ["Engine"] = ["Carts"],
        ["Storage"] = ["Engine"],
        ["Kafka"] = ["Engine"],
        ["Host"] = ["Carts", "Engine", "Storage", "Kafka"],
    };

    private static readonly string[] ReferencesOfTestKit = ["Carts", "Engine", "Storage", "Kafka", "Oracle"];

    [Fact]
    public void Every_product_project_references_exactly_what_it_may()
    {
        var found = ProjectsIn("src");
        Assert.Equal(ReferencesOfProduct.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, project) in found)
        {
            Assert.Equal((name, List(ReferencesOfProduct[name])), (name, List(References(project))));
        }
    }

    [Fact]
    public void The_test_kit_references_no_host()
    {
        Assert.Empty(References(ProjectsIn("tests")["TestKit"]).Except(ReferencesOfTestKit, StringComparer.Ordinal));
    }

    [Fact]
    public void Carts_has_no_packages_and_no_frameworks()
    {
        var project = ProjectsIn("src")["Carts"];
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void Carts_knows_no_clock_no_task_and_no_input_or_output()
    {
        var guilty = Directory.EnumerateFiles(Checkout.PathOf("src/StreamEngine.Carts"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(static file => File.ReadLines(file).Select((line, index) => (Place: $"{file}:{index + 1}", Line: line)))
            .Where(static at => !at.Line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Impure().IsMatch(at.Line));
        Assert.Empty(guilty);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Checkout.PathOf("StreamEngine.sln"));
        Assert.All(Checkout.Files().Where(static file => file.EndsWith(".csproj", StringComparison.Ordinal)), file =>
            Assert.Contains(Path.GetFileName(file), solution, StringComparison.Ordinal));
    }

    private static Dictionary<string, XDocument> ProjectsIn(string directory) => Directory
        .EnumerateFiles(Checkout.PathOf(directory), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(static file => NameOf(file), XDocument.Load, StringComparer.Ordinal);

    private static IEnumerable<string> References(XDocument project) => project.Descendants("ProjectReference").Select(static r => NameOf((string)r.Attribute("Include")!));

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path)["StreamEngine.".Length..];

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\basync\b|\bTask\b|\bValueTask\b|\bSystem\.IO\b|\bFile\.|\bConsole\.|\bTimeProvider\b|\bThread\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Impure();
}
