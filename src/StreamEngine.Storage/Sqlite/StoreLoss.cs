namespace StreamEngine.Storage.Sqlite;

/// <summary>Which file of an open store is not what it was.</summary>
/// <param name="IsDatabase">False for a file beside it: the database is in its place.</param>
internal sealed record StoreLoss(string Path, StoreLossKind Kind, bool IsDatabase)
{
    public string Text => Kind switch
    {
        StoreLossKind.Removed => $"{Path} was removed or moved",
        StoreLossKind.Replaced => $"{Path} was replaced by another file",
        _ => $"{Path} was cut short",
    };
}

internal enum StoreLossKind
{
    Removed,
    Replaced,
    CutShort,
}
