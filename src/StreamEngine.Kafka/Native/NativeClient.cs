using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using StreamEngine.Engine;

namespace StreamEngine.Kafka.Native;

/// <summary>
/// The native Kafka client, librdkafka, as the system has it. Everything in this project that touches Kafka calls <see cref="Load"/> first.
/// </summary>
public static class NativeClient
{
    private static readonly Lazy<string> Loaded = new(LoadOnce);

    /// <returns>The version, e.g. "2.0.2".</returns>
    /// <exception cref="EngineFatalException">It is not installed; the message says what to install.</exception>
    public static string Load() => Loaded.Value;

    /// <summary>The managed client keeps its native one to itself.</summary>
    internal static SafeHandle HandleOf(Handle client) => (SafeHandle)LibrdkafkaHandle(client);

    internal static string[] Names(bool macOs) => macOs
        ? ["librdkafka.1.dylib", "/opt/homebrew/lib/librdkafka.1.dylib", "/usr/local/lib/librdkafka.1.dylib", "librdkafka.dylib"]
        : ["librdkafka.so.1", "librdkafka.so"];

    internal static nint Open(string[] names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return library;
        }

        throw new EngineFatalException(
            $"The Kafka client library librdkafka was not found (looked for {string.Join(", ", names)}). Install it: " +
            "Debian and Ubuntu: apt-get install librdkafka1; Fedora: dnf install librdkafka; macOS: brew install librdkafka");
    }

    private static string LoadOnce()
    {
        var library = Open(Names(OperatingSystem.IsMacOS()));

        // The managed client asks for "librdkafka" first, then for builds by distribution ("alpine-librdkafka", "centos7-librdkafka"):
        // all of them are the one library that is here.
        nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
            name.Contains("librdkafka", StringComparison.Ordinal) ? library : 0;

        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(NativeClient).Assembly, Resolve);
        return Library.VersionString;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object LibrdkafkaHandle(Handle client);
}
