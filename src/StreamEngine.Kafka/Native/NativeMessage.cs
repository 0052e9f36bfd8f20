using System.Runtime.InteropServices;

namespace StreamEngine.Kafka.Native;

/// <summary>rd_kafka_message_t: what a consumer hands out. The memory is the client's until the message is destroyed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeMessage
{
    /// <summary>rd_kafka_timestamp_type_t.</summary>
    public const int NoTime = 0;
    public const int LogAppendTime = 2;

    /// <summary>RD_KAFKA_RESP_ERR__PARTITION_EOF: the client has nothing more of this partition, and its offset is where the next record would be.</summary>
    public const int EndOfPartition = -191;

    /// <summary>rd_kafka_resp_err_t; not 0 for an event that is no record. Its payload is a text then.</summary>
    public int Error;
    public nint Topic;
    public int Partition;
    public nint Payload;
    public nuint PayloadBytes;
    public nint Key;
    public nuint KeyBytes;
    public long Offset;
    public nint Private;
}
