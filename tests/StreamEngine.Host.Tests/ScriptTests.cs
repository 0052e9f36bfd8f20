using System.Runtime.Versioning;
using Xunit;

namespace StreamEngine.Host.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Checkout.PathOf("scripts")).Append(Checkout.PathOf(".ci/run")).Append(Checkout.PathOf("docker/make-secrets")).Select(static file => Path.GetRelativePath(Checkout.Root, file))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_script_stops_at_the_first_error_and_is_executable(string script)
    {
        var file = Checkout.PathOf(script);
        Assert.Contains("set -euo pipefail", await File.ReadAllLinesAsync(file), StringComparer.Ordinal);
        if (!script.EndsWith("lib.sh", StringComparison.Ordinal))
        {
            Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute), $"chmod +x {script}");
        }
        Assert.Equal(0, (await RunAsync("bash", "-n", file)).ExitCode);
    }

    [Fact]
    public async Task The_command_runs_from_a_checkout_and_from_any_directory()
    {
        var run = await RunAsync(Checkout.PathOf("scripts/streamengine"), "--help");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);

        // Arguments and the exit code pass through; a link to the script works as the script does.
        var link = Path.Combine(_directory.Path, "se");
        File.CreateSymbolicLink(link, Checkout.PathOf("scripts/streamengine"));
        run = await RunAsync(link, "settings", "--set", "no such=a b");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no such is no setting", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_script_explains_itself()
    {
        var run = await RunAsync(Checkout.PathOf("scripts/test"), "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("scripts/test Carts", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("set -euo", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_SDK_the_wanted_version_and_its_page_are_named()
    {
        var run = await LibAsync("need_sdk", ("HOME", _directory.Path), ("DOTNET_ROOT", null));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("10.0.100", run.Error, StringComparison.Ordinal);
        Assert.Contains("https://learn.microsoft.com/dotnet/core/install/", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_librdkafka_that_is_there_is_left_alone()
    {
        Stub("ldconfig", "echo 'librdkafka.so.1 (libc6,x86-64) => /lib/librdkafka.so.1'");
        var run = await LibAsync("need_librdkafka");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Without_librdkafka_and_root_the_exact_command_is_printed()
    {
        Stub("ldconfig", "true");
        Stub("apt-get", "echo never >&2; exit 9");
        Stub("id", "echo 1000");
        var run = await LibAsync("need_librdkafka");
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("Install it: sudo apt-get install librdkafka1\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_root_librdkafka_is_installed_and_old_package_lists_are_fetched()
    {
        // The package is found only after an update, and the loader knows it only when it is installed.
        Stub("ldconfig", "if [ -e installed ]; then echo librdkafka.so.1; fi");
        Stub("apt-get", "echo \"$*\" >> calls; case $1 in update) : > updated ;; *) [ -e updated ] && : > installed ;; esac");
        Stub("id", "echo 0");
        var run = await LibAsync("need_librdkafka");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Installing the Debian package librdkafka1", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["install -y --no-install-recommends librdkafka1", "update", "install -y --no-install-recommends librdkafka1"],
            await File.ReadAllLinesAsync(Path.Combine(_directory.Path, "calls")));
    }

    [Fact]
    public async Task An_installation_that_fails_shows_why()
    {
        Stub("ldconfig", "true");
        Stub("apt-get", "echo 'E: no network'; exit 100");
        Stub("id", "echo 0");
        var run = await LibAsync("need_librdkafka");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("E: no network", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Without_PostgreSQL_tests_go_on_and_say_what_they_leave_out(int user)
    {
        Stub("apt-get", "echo 'E: no network'; exit 100");
        Stub("id", $"echo {user}");
        var run = await LibAsync("has_postgres() { return 1; }; want_postgres; echo goes on");
        Assert.Equal((0, "goes on\n"), (run.ExitCode, run.Output));
        Assert.Equal(user == 0, run.Error.Contains("E: no network", StringComparison.Ordinal));
        Assert.EndsWith("or set POSTGRES_BIN to the folder of initdb and postgres.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_other_systems_the_package_is_named()
    {
        Stub("ldconfig", "true");
        var run = await LibAsync("need_librdkafka");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("librdkafka (dnf, apk, pacman)", run.Error, StringComparison.Ordinal);
    }

    private void Stub(string name, string body) =>
        File.SetUnixFileMode(_directory.Write(name, $"#!/bin/sh\n{body}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Calls a function of lib.sh where only the stubs and a few plain tools are on the path.</summary>
    private Task<ChildProcess> LibAsync(string function, params (string Name, string? Value)[] environment)
    {
        foreach (var tool in (string[])["bash", "sh", "sed", "dirname", "uname", "mkdir"])
        {
            File.CreateSymbolicLink(Path.Combine(_directory.Path, tool), new[] { "/usr/bin", "/bin" }.Select(place => Path.Combine(place, tool)).First(File.Exists));
        }
        // lib.sh adds the administrator's directories; the stubs must win over what is there.
        var variables = environment.Append(("PATH", _directory.Path)).ToDictionary(static v => v.Item1, static v => v.Item2, StringComparer.Ordinal);
        return ChildProcess.RunAsync(_directory.Path, variables, "/bin/bash", "-c", $". '{Checkout.PathOf("scripts/lib.sh")}'; {function}");
    }

    private Task<ChildProcess> RunAsync(string file, params string[] args) =>
        ChildProcess.RunAsync(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal), file, args);
}
