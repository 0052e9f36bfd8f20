namespace StreamEngine.TestKit;

/// <summary>
/// Sees COMMIT go by in what a PostgreSQL client and its server say to each other over one connection, also where the client has prepared the statement and
/// sends its name only. A commit that is split over two packets is missed: the next one is as good.
/// </summary>
internal sealed class CommitSight
{
    /// <summary>The name under which the client has prepared COMMIT, as it stands in a Bind message: after the empty name of the portal.</summary>
    private byte[]? _bind;

    private static ReadOnlySpan<byte> Text => "\0COMMIT\0"u8;

    /// <summary>CommandComplete: its kind, its length (11) and its tag.</summary>
    private static ReadOnlySpan<byte> Done => "C\0\0\0\vCOMMIT\0"u8;

    public bool IsSent(ReadOnlySpan<byte> fromClient)
    {
        var text = fromClient.IndexOf(Text);
        if (text < 0)
        {
            return _bind is not null && fromClient.IndexOf(_bind) >= 0;
        }
        // Parse: its kind, its length (four bytes, the last below a space for a statement this short), the name, the text.
        var name = fromClient[..text];
        var length = name.LastIndexOfAnyInRange((byte)0, (byte)(' ' - 1));
        _bind = [0, .. name[(length + 1)..], 0];
        if (_bind.Length == 2)
        {
            _bind = null;
        }
        return true;
    }

    public static bool IsAnswered(ReadOnlySpan<byte> fromServer) => fromServer.IndexOf(Done) >= 0;
}
