using System.Diagnostics;
using System.Text;

namespace StreamEngine.Simulation.Planted;

/// <summary>
/// A copy of the product's sources with all bugs in it, each behind its switch, built once beside the checkout. The product itself has no trace of them. An edit whose text is not
/// found exactly once stops everything: a bug that is not planted would look like one that cannot be found.
/// </summary>
public sealed class PlantedTree
{
    private static readonly string[] Projects = ["StreamEngine.Carts", "StreamEngine.Engine", "StreamEngine.Storage"];
    private static readonly string[] RootFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt"];

    private readonly string _checkout;
    private readonly string _tree;
    private readonly string _run;

    public PlantedTree(string checkout)
    {
        _checkout = checkout;
        _tree = Path.Combine(checkout, "artifacts", "planted", "tree");
        _run = Path.Combine(checkout, "artifacts", "planted", "run");
    }

    /// <summary>The program to run instead of this one.</summary>
    public string Program => Path.Combine(_run, "streamengine-simulation.dll");

    /// <summary>The source files with all bugs in them, by path below src/.</summary>
    /// <exception cref="InvalidOperationException">A text to be replaced is not there, or there twice.</exception>
    public static IReadOnlyDictionary<string, string> Plant(IEnumerable<Bug> bugs, Func<string, string> read)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var bug in bugs)
        {
            foreach (var edit in bug.Edits)
            {
                var text = files.TryGetValue(edit.File, out var edited) ? edited : read(edit.File);
                var at = text.IndexOf(edit.Old, StringComparison.Ordinal);
                if (at < 0 || text.IndexOf(edit.Old, at + 1, StringComparison.Ordinal) >= 0)
                {
                    throw new InvalidOperationException(
                        $"The bug \"{bug.Name}\" cannot be planted: {edit.File} {(at < 0 ? "no longer contains" : "contains more than once")} this text; change Bugs.cs:\n{edit.Old}");
                }
                files[edit.File] = string.Concat(text.AsSpan(0, at), edit.New.Replace("IS", $"StreamEngine.Carts.Planted.Is(\"{bug.Name}\")", StringComparison.Ordinal), text.AsSpan(at + edit.Old.Length));
            }
        }
        return files;
    }

    public void Build()
    {
        var planted = Plant(Bugs.All, file => File.ReadAllText(Path.Combine(_checkout, "src", file)));
        foreach (var file in RootFiles)
        {
            Write(Path.Combine(_tree, file), File.ReadAllText(Path.Combine(_checkout, file)));
        }
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (var project in Projects)
        {
            var root = Path.Combine(_checkout, "src", project);
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(Path.Combine(_checkout, "src"), file);
                if (!relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal))
                {
                    Write(Path.Combine(_tree, "src", relative), planted.TryGetValue(relative, out var text) ? text : File.ReadAllText(file));
                    written.Add(relative);
                }
            }
        }
        Write(Path.Combine(_tree, "src", "StreamEngine.Carts", "Planted.cs"), Switch);
        written.Add("StreamEngine.Carts/Planted.cs");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_tree, "src"), "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Path.Combine(_tree, "src"), file);
            if (!relative.Contains("/obj/", StringComparison.Ordinal) && !written.Contains(relative))
            {
                File.Delete(file);
            }
        }
        Run("dotnet", "build", Path.Combine(_tree, "src", "StreamEngine.Storage"), "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false");
        CopyProgram();
    }

    /// <summary>The simulation beside the planted product.</summary>
    private void CopyProgram()
    {
        Directory.CreateDirectory(_run);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_checkout, "tests", "StreamEngine.Simulation", "bin", "Release", "net10.0")).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(_run, Path.GetFileName(file)), overwrite: true);
        }
        foreach (var project in Projects)
        {
            var name = project + ".dll";
            File.Copy(Path.Combine(_tree, "src", project, "bin", "Release", "net10.0", name), Path.Combine(_run, name), overwrite: true);
        }
    }

    /// <summary>Only where it differs: what has not changed is not built again.</summary>
    private static void Write(string file, string text)
    {
        if (File.Exists(file) && string.Equals(File.ReadAllText(file), text, StringComparison.Ordinal))
        {
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void Run(string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.BeginOutputReadLine();
        output.Append(process.StandardError.ReadToEnd());
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The product with planted bugs does not build:\n{output}");
        }
    }

    private const string Switch =
        """
        namespace StreamEngine.Carts;

        /// <summary>Which planted bug is switched on; all names are literals, so equal is the same.</summary>
        public static class Planted
        {
            public static string? Name { get; set; }

            public static bool Is(string name) => (object?)Name == name;
        }
        """;
}
