using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using StreamEngine.Engine;
using StreamEngine.Engine.Outlets;

namespace StreamEngine.Kafka.Native;

/// <summary>What became of a message: its <paramref name="opaque"/> number, an error or none, and the bytes of its value.</summary>
internal delegate void Delivery(int opaque, ErrorCode code, int valueBytes);

/// <summary>
/// A producer as the native client has it. The managed client's makes objects and handles for every message, for each of its headers and for its report.
/// Used by one thread, which also gets the reports, from inside <see cref="Poll"/> and <see cref="Flush"/>.
/// </summary>
internal sealed unsafe class NativeProducer : IDisposable
{
    /// <summary>Topic, partition, key, value, flags and opaque number.</summary>
    private const int FixedFields = 6;
    private const int HeadersOnStackMax = 16;

    private static readonly byte[] Empty = [0];

    private readonly ClientTrouble _trouble;
    private readonly Delivery _delivered;
    private readonly Dictionary<string, byte[]> _topics = new(StringComparer.Ordinal);
    private readonly List<nint> _handles = [];
    private readonly nint _client;
    private GCHandle _self;

    /// <summary>Names and values of a message's headers. Pinned: the native client reads them where they are.</summary>
    private byte[] _texts = GC.AllocateUninitializedArray<byte>(1024, pinned: true);

    /// <exception cref="EngineFatalException">The native client refuses the properties.</exception>
    public NativeProducer(Dictionary<string, string> properties, ClientTrouble trouble, Delivery delivered)
    {
        _trouble = trouble;
        _delivered = delivered;
        _self = GCHandle.Alloc(this);
        Span<byte> error = stackalloc byte[LibRdKafka.ErrorTextBytes];
        var conf = LibRdKafka.rd_kafka_conf_new();
        var isRight = true;
        foreach (var (name, value) in properties)
        {
            isRight = isRight && LibRdKafka.rd_kafka_conf_set(conf, name, value, error, LibRdKafka.ErrorTextBytes) == LibRdKafka.ConfOk;
        }
        LibRdKafka.rd_kafka_conf_set_opaque(conf, GCHandle.ToIntPtr(_self));
        LibRdKafka.rd_kafka_conf_set_dr_msg_cb(conf, &OnDelivered);
        LibRdKafka.rd_kafka_conf_set_error_cb(conf, &OnError);
        LibRdKafka.rd_kafka_conf_set_log_cb(conf, &OnLog);
        _client = isRight ? LibRdKafka.rd_kafka_new(LibRdKafka.Producer, conf, error, LibRdKafka.ErrorTextBytes) : 0;
        if (_client == 0)
        {
            LibRdKafka.rd_kafka_conf_destroy(conf);
            _self.Free();
            throw new EngineFatalException($"The Kafka producer did not start: {LibRdKafka.Text(error)}. Check what Kafka:Client sets.");
        }
    }

    /// <summary>
    /// Learns where a topic's partitions are, if the broker says so in time. Otherwise the client asks when a message is there already, by a timer that rings once a
    /// second: a process's first action waited for up to that long.
    /// </summary>
    public void Learn(string topic, TimeSpan wait)
    {
        var handle = LibRdKafka.rd_kafka_topic_new(_client, topic, 0);
        _handles.Add(handle);
        if (LibRdKafka.rd_kafka_metadata(_client, 0, handle, out var metadata, (int)wait.TotalMilliseconds) == 0)
        {
            LibRdKafka.rd_kafka_metadata_destroy(metadata);
        }
    }

    /// <summary>Copies the message into the client's queue.</summary>
    /// <param name="opaque">Comes back with the delivery, unless an error is returned here.</param>
    /// <returns>Null when it was taken.</returns>
    public Error? Send(string topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, IReadOnlyList<MessageHeader> headers, int opaque)
    {
        var count = FixedFields + headers.Count;
        var fields = headers.Count <= HeadersOnStackMax ? stackalloc ProduceField[count] : new ProduceField[count];
        fixed (byte* topicAt = TopicName(topic), keyAt = &Address(key), valueAt = &Address(value))
        fixed (ProduceField* fieldsAt = fields)
        {
            fields[0] = ProduceField.Topic((nint)topicAt);
            fields[1] = ProduceField.Partition(partition);
            fields[2] = ProduceField.Key((nint)keyAt, key.Length);
            fields[3] = ProduceField.Value((nint)valueAt, value.Length);
            fields[4] = ProduceField.Copying;
            fields[5] = ProduceField.Opaque(opaque);
            AddHeaders(headers, fields[FixedFields..]);
            var error = LibRdKafka.rd_kafka_produceva(_client, fieldsAt, (nuint)count);
            return error == 0 ? null : Take(error);
        }
    }

    /// <summary>Hands out the deliveries that are there.</summary>
    public void Poll() => _ = LibRdKafka.rd_kafka_poll(_client, 0);

    /// <returns>True when nothing is on its way any more.</returns>
    public bool Flush(TimeSpan wait) => LibRdKafka.rd_kafka_flush(_client, (int)Math.Clamp(wait.TotalMilliseconds, 0, int.MaxValue)) == 0;

    /// <summary>Drops what is queued. Waits for the client's threads, which may take long.</summary>
    public void Dispose()
    {
        foreach (var handle in _handles)
        {
            LibRdKafka.rd_kafka_topic_destroy(handle);
        }
        LibRdKafka.rd_kafka_destroy(_client);
        _self.Free();
    }

    private byte[] TopicName(string topic)
    {
        if (!_topics.TryGetValue(topic, out var name))
        {
            _topics.Add(topic, name = Encoding.UTF8.GetBytes(topic + '\0'));
        }
        return name;
    }

    /// <summary>An empty key is a key all the same: it has an address too.</summary>
    private static ref readonly byte Address(ReadOnlySpan<byte> bytes) =>
        ref bytes.IsEmpty ? ref MemoryMarshal.GetArrayDataReference(Empty) : ref MemoryMarshal.GetReference(bytes);

    private void AddHeaders(IReadOnlyList<MessageHeader> headers, Span<ProduceField> fields)
    {
        var bytesMax = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            bytesMax += Encoding.UTF8.GetMaxByteCount(headers[i].Key.Length) + 1 + headers[i].Value.Bytes.Length;
        }
        if (_texts.Length < bytesMax)
        {
            _texts = GC.AllocateUninitializedArray<byte>(bytesMax, pinned: true);
        }
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_texts));
        var at = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            var name = at;
            at += Encoding.UTF8.GetBytes(headers[i].Key, _texts.AsSpan(at));
            _texts[at++] = 0;
            var value = headers[i].Value.Bytes.Span;
            value.CopyTo(_texts.AsSpan(at));
            fields[i] = ProduceField.Header((nint)(start + name), (nint)(start + at), value.Length);
            at += value.Length;
        }
    }

    private static Error Take(nint error)
    {
        var taken = new Error(
            (ErrorCode)LibRdKafka.rd_kafka_error_code(error),
            Marshal.PtrToStringUTF8(LibRdKafka.rd_kafka_error_string(error)),
            LibRdKafka.rd_kafka_error_is_fatal(error) != 0);
        LibRdKafka.rd_kafka_error_destroy(error);
        return taken;
    }

    private static NativeProducer Of(nint opaque) => (NativeProducer)GCHandle.FromIntPtr(opaque).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDelivered(nint client, NativeMessage* message, nint opaque) =>
        Of(opaque)._delivered((int)message->Private, (ErrorCode)message->Error, (int)message->PayloadBytes);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(nint client, int code, nint reason, nint opaque)
    {
        var error = new Error((ErrorCode)code, Marshal.PtrToStringUTF8(reason));
        if (error.Code == ErrorCode.Local_Fatal)
        {
            Span<byte> text = stackalloc byte[LibRdKafka.ErrorTextBytes];
            error = new Error((ErrorCode)LibRdKafka.rd_kafka_fatal_error(client, text, LibRdKafka.ErrorTextBytes), LibRdKafka.Text(text), isFatal: true);
        }
        Of(opaque)._trouble.Report(error);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(nint client, int level, nint facility, nint text) => Of(LibRdKafka.rd_kafka_opaque(client))._trouble.Log(
        new LogMessage("", (SyslogLevel)level, Marshal.PtrToStringUTF8(facility) ?? "", Marshal.PtrToStringUTF8(text) ?? ""));
}
