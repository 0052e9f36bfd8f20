using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine;

namespace StreamEngine.Kafka;

/// <summary>
/// What a client complains about. librdkafka reconnects and retries by itself and repeats its errors while it does;
/// each kind is logged once until the trouble is over. A fatal error is kept and thrown by the next call of the worker.
/// Errors may come from the client's own threads.
/// </summary>
internal sealed partial class ClientTrouble(string client, string address, TimeProvider time, ILogger logger)
{
    /// <summary>Trouble that is silent for so long is over: the same error is news again.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<ErrorCode> _logged = [];
    private long _lastErrorAt;
    private volatile bool _inTrouble;
    private volatile string? _fatal;

    public void Report(Error error)
    {
        if (error.IsFatal || IsHopeless(error.Code))
        {
            _fatal = FatalText(error);
            return;
        }

        lock (_gate)
        {
            if (_inTrouble && time.GetElapsedTime(_lastErrorAt) > QuietMax)
                _logged.Clear();
            _lastErrorAt = time.GetTimestamp();
            _inTrouble = true;
            if (_logged.Add(KindOf(error.Code)))
                LogTrouble(client, address, error.Code, error.Reason);
        }
    }

    /// <summary>Something worked. Cheap where nothing was wrong.</summary>
    public void Worked()
    {
        if (_inTrouble)
            EndTrouble();
    }

    public bool IsFatal => _fatal is not null;

    public void ThrowIfFatal()
    {
        if (_fatal is { } text)
            throw new EngineFatalException(text);
    }

    private void EndTrouble()
    {
        lock (_gate)
        {
            _inTrouble = false;
            _logged.Clear();
        }

        LogRecovered(client, address);
    }

    /// <summary>That a connection broke and that no broker is left to talk to are one piece of news.</summary>
    private static ErrorCode KindOf(ErrorCode code) => code == ErrorCode.Local_AllBrokersDown ? ErrorCode.Local_Transport : code;

    /// <summary>Errors that no retry mends: somebody has to change a permission or a setting.</summary>
    private static bool IsHopeless(ErrorCode code) => code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
        or ErrorCode.UnsupportedSaslMechanism or ErrorCode.InconsistentGroupProtocol or ErrorCode.FencedInstanceId;

    private string FatalText(Error error) =>
        $"The Kafka {client} at {address} cannot go on: {error.Reason} ({error.Code}). " + error.Code switch
        {
            ErrorCode.TopicAuthorizationFailed => "Give this user READ on the clicks topic and WRITE on the actions and dead-letter topics.",
            ErrorCode.GroupAuthorizationFailed => "Give this user READ on the consumer group, or change Kafka:GroupId.",
            ErrorCode.ClusterAuthorizationFailed => "Give this user IDEMPOTENT_WRITE on the cluster.",
            ErrorCode.UnsupportedSaslMechanism => "Set Kafka:Client:sasl.mechanism to one that the broker offers.",
            ErrorCode.InconsistentGroupProtocol =>
                "Another member of the group uses another partition.assignment.strategy: use the same one everywhere, or another Kafka:GroupId.",
            // The client raises it as a fatal error of its own, and only the text says which.
            ErrorCode.FencedInstanceId or ErrorCode.Local_Fatal when error.Reason.Contains("group.instance.id", StringComparison.Ordinal) => "Another process has joined the group under the same name and has taken the shards over: give each node its own Kafka:InstanceId.",
            _ => "Start the process again: nothing that was committed is lost, it reads on from the store.",
        };

    /// <summary>The client library's own log. Its warnings come again as errors, so all of it is for debugging.</summary>
    public void Log(LogMessage message) => LogClient(client, message.Facility, message.Message);

    [LoggerMessage(3001, LogLevel.Warning, "Kafka {client} at {address}: {reason} ({code}); it goes on trying")]
    private partial void LogTrouble(string client, string address, ErrorCode code, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Kafka {client} at {address} works again")]
    private partial void LogRecovered(string client, string address);

    [LoggerMessage(3003, LogLevel.Debug, "Kafka {client}: {facility}: {message}")]
    private partial void LogClient(string client, string facility, string message);
}
