using System.Runtime.InteropServices;

namespace StreamEngine.Kafka.Native;

/// <summary>What the managed client does not offer: the mock cluster, a configuration to try properties on, and messages without a copy or an object.</summary>
internal static unsafe partial class LibRdKafka
{
    private const string Name = "librdkafka";

    /// <summary>rd_kafka_type_t.</summary>
    public const int Producer = 0;

    /// <summary>rd_kafka_conf_res_t.</summary>
    public const int ConfOk = 0;

    public const int ErrorTextBytes = 512;

    [LibraryImport(Name)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_destroy(nint conf);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, Span<byte> errorText, nuint errorBytes);

    /// <summary>What the configuration's callbacks are handed.</summary>
    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_set_opaque(nint conf, nint opaque);

    /// <summary>Called from <see cref="rd_kafka_poll"/> and <see cref="rd_kafka_flush"/>, once for each message.</summary>
    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_set_dr_msg_cb(nint conf, delegate* unmanaged[Cdecl]<nint, NativeMessage*, nint, void> delivered);

    /// <summary>Called from <see cref="rd_kafka_poll"/> and <see cref="rd_kafka_flush"/>, or from a thread of the client.</summary>
    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_set_error_cb(nint conf, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> failed);

    /// <summary>Called from any thread of the client; without one it writes to the terminal.</summary>
    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_set_log_cb(nint conf, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> said);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_opaque(nint client);

    /// <summary>Takes the configuration over when it succeeds.</summary>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_new(int type, nint conf, Span<byte> errorText, nuint errorBytes);

    [LibraryImport(Name)]
    public static partial void rd_kafka_destroy(nint client);

    /// <summary>A reference to the topic, which is to be destroyed; without properties of its own where <paramref name="conf"/> is 0.</summary>
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(nint client, string topic, nint conf);

    [LibraryImport(Name)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    /// <summary>Asks the broker for one topic or all, and waits for the answer; the client itself learns it too.</summary>
    /// <param name="metadata">To be destroyed, where 0 is returned.</param>
    [LibraryImport(Name)]
    public static partial int rd_kafka_metadata(nint client, int allTopics, nint topic, out nint metadata, int timeoutMs);

    [LibraryImport(Name)]
    public static partial void rd_kafka_metadata_destroy(nint metadata);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [LibraryImport(Name)]
    public static partial void rd_kafka_mock_cluster_destroy(nint cluster);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);

    /// <summary>The queue of a consumer, on which the group's calls come too; a reference that is to be destroyed.</summary>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_queue_get_consumer(nint client);

    [LibraryImport(Name)]
    public static partial void rd_kafka_queue_destroy(nint queue);

    /// <summary>Waits until <paramref name="messagesMax"/> are there or the time is over, not for the first. Runs the handlers of the consumer.</summary>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_consume_batch_queue(nint queue, int timeoutMs, Span<nint> messages, nuint messagesMax);

    [LibraryImport(Name)]
    public static partial void rd_kafka_message_destroy(nint message);

    /// <summary>Unix ms, -1 without; the type is 0 for none, 1 for the producer's, 2 for the broker's. Reads two fields: no need to tell the collector.</summary>
    [LibraryImport(Name)]
    [SuppressGCTransition]
    public static partial long rd_kafka_message_timestamp(nint message, out int type);

    /// <summary>What the client has heard of a log: the fetches' newest answer. Takes the partition's lock.</summary>
    /// <param name="topic">UTF-8, ends with 0.</param>
    /// <returns>0, or why it knows nothing.</returns>
    [LibraryImport(Name)]
    public static partial int rd_kafka_get_watermark_offsets(nint client, byte* topic, int partition, out long low, out long high);

    /// <returns>0, or an error that is to be destroyed.</returns>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_produceva(nint client, ProduceField* fields, nuint count);

    [LibraryImport(Name)]
    public static partial int rd_kafka_error_code(nint error);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_error_string(nint error);

    [LibraryImport(Name)]
    public static partial int rd_kafka_error_is_fatal(nint error);

    [LibraryImport(Name)]
    public static partial void rd_kafka_error_destroy(nint error);

    /// <summary>The reason behind rd_kafka_resp_err_t ERR__FATAL.</summary>
    [LibraryImport(Name)]
    public static partial int rd_kafka_fatal_error(nint client, Span<byte> text, nuint textBytes);

    [LibraryImport(Name)]
    public static partial int rd_kafka_poll(nint client, int timeoutMs);

    /// <returns>0 when nothing is on its way any more.</returns>
    [LibraryImport(Name)]
    public static partial int rd_kafka_flush(nint client, int timeoutMs);

    public static string Text(ReadOnlySpan<byte> errorText)
    {
        var end = errorText.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? errorText : errorText[..end]);
    }
}
