using System.Net;
using Npgsql;

namespace StreamEngine.Storage.Postgres;

/// <summary>What may be written into a connection string: passwords in it are never shown, and nothing goes over a network unencrypted.</summary>
public static class ServerAddress
{
    private const string Example = "write something like Host=db.example.com;Port=5432;Database=streamengine;Username=streamengine";

    /// <returns>What is wrong, as the end of "... "; null when nothing is. Holds nothing of the text: a part of a password may look like anything.</returns>
    public static string? Mistake(string text)
    {
        if (Parse(text) is not { } parsed) return $"is no connection string of PostgreSQL (the text is not shown, it may hold a password); {Example}";
        if (string.IsNullOrEmpty(parsed.Host)) return $"names no Host; {Example}";
        if (string.IsNullOrEmpty(parsed.Database)) return $"names no Database; {Example}";
        if (string.IsNullOrEmpty(parsed.Username)) return $"names no Username; {Example}";
        return IsLocal(parsed) || !NamesSslMode(parsed) || parsed.SslMode == SslMode.VerifyFull
            ? null
            : "asks for less than SSL Mode=VerifyFull on a host that is not this machine: clicks and contacts would be readable or go to a stranger; "
                + "leave SSL Mode out, and name the authority that signed the server's certificate with Root Certificate=PATH where the system does not know it";
    }

    /// <summary>e.g. "db.example.com:5432/streamengine".</summary>
    public static string Name(string text) => Parse(text) is { } parsed ? Name(parsed) : "(no connection string)";

    internal static string Name(NpgsqlConnectionStringBuilder parsed) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parsed.Host}:{parsed.Port}/{parsed.Database}");

    internal static NpgsqlConnectionStringBuilder? Parse(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    internal static bool NamesSslMode(NpgsqlConnectionStringBuilder parsed) => parsed.ShouldSerialize("SSL Mode");

    /// <summary>All of its hosts are this machine: loopback, or a socket in a folder.</summary>
    internal static bool IsLocal(NpgsqlConnectionStringBuilder parsed) => parsed.Host!.Split(',').All(static host => IsLocalHost(host.Trim()));

    private static bool IsLocalHost(string host)
    {
        if (host.StartsWith('/') || host.StartsWith('@')) return true;
        var name = host.StartsWith('[') ? host[1..].Split(']')[0] : host.Count(static c => c == ':') == 1 ? host.Split(':')[0] : host;
        return string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }
}
