namespace StreamEngine.TestKit;

/// <summary>Where a COMMIT is when something happens to its sender.</summary>
public enum CommitPlace
{
    /// <summary>The server never hears of it.</summary>
    NotArrived,

    /// <summary>The server has it, and nobody its answer.</summary>
    NotAnswered,

    /// <summary>The client has the answer.</summary>
    Answered,
}
