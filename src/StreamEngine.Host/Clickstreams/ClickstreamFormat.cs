namespace StreamEngine.Host.Clickstreams;

public enum ClickstreamFormat : byte
{
    SegmentJson,
    Rees46,
    Taobao,
    Otto,
    SimpleOnlineShop,
}

/// <summary>A row or line that gave no click.</summary>
/// <param name="Line">Counted from 1; the header is line 1.</param>
public sealed record ClickstreamMistake(string File, long Line, string Reason)
{
    public override string ToString() => $"{File}:{Line}: {Reason}";
}

/// <summary>The file as a whole cannot be read. The message says which file, what was found and what to do.</summary>
public sealed class ClickstreamException : Exception
{
    public ClickstreamException()
    {
    }

    public ClickstreamException(string message)
        : base(message)
    {
    }

    public ClickstreamException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
