using System.Runtime.InteropServices;

namespace StreamEngine.Kafka.Native;

/// <summary>rd_kafka_vu_t on a 64-bit system: one part of a message to be sent, a kind and a union of 64 B.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct ProduceField
{
    /// <summary>RD_KAFKA_MSG_F_COPY: the memory of key and value stays ours.</summary>
    private const int CopyFlag = 2;

    [FieldOffset(0)]
    private ProduceFieldKind _kind;
    [FieldOffset(8)]
    private int _number;
    [FieldOffset(8)]
    private nint _pointer;
    [FieldOffset(16)]
    private nint _second;
    [FieldOffset(24)]
    private nint _third;

    public static ProduceField Copying => new() { _kind = ProduceFieldKind.Flags, _number = CopyFlag };

    /// <param name="name">UTF-8 that ends with a 0.</param>
    public static ProduceField Topic(nint name) => new() { _kind = ProduceFieldKind.Topic, _pointer = name };

    public static ProduceField Partition(int partition) => new() { _kind = ProduceFieldKind.Partition, _number = partition };

    public static ProduceField Key(nint bytes, int length) => new() { _kind = ProduceFieldKind.Key, _pointer = bytes, _second = length };

    public static ProduceField Value(nint bytes, int length) => new() { _kind = ProduceFieldKind.Value, _pointer = bytes, _second = length };

    /// <summary>Comes back in the delivery report.</summary>
    public static ProduceField Opaque(nint opaque) => new() { _kind = ProduceFieldKind.Opaque, _pointer = opaque };

    /// <param name="name">UTF-8 that ends with a 0.</param>
    public static ProduceField Header(nint name, nint value, int length) =>
        new() { _kind = ProduceFieldKind.Header, _pointer = name, _second = value, _third = length };
}

/// <summary>rd_kafka_vtype_t.</summary>
internal enum ProduceFieldKind
{
    Topic = 1,
    Partition = 3,
    Value = 4,
    Key = 5,
    Opaque = 6,
    Flags = 7,
    Header = 9,
}
