namespace StreamEngine.Simulation.Checks;

/// <param name="Check">Which checker says so.</param>
/// <param name="AtMs">When it went wrong, true time.</param>
public sealed record Complaint(string Check, long AtMs, string What);
