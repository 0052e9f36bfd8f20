namespace StreamEngine.Simulation.Planted;

/// <summary>A mistake in the product, as an edit of its sources.</summary>
/// <param name="Name">By which it is switched on.</param>
/// <param name="What">What the product would do.</param>
public sealed record Bug(string Name, string What, params IReadOnlyList<Edit> Edits);

/// <param name="File">Below src/.</param>
/// <param name="Old">The exact text, which must be there once.</param>
/// <param name="New">What stands there instead; IS stands for "this bug is switched on", so that one build holds all bugs and is the product while none is on.</param>
public sealed record Edit(string File, string Old, string New);
