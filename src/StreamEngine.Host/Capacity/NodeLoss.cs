namespace StreamEngine.Host.Capacity;

/// <summary>What the sudden loss of one node costs; times are seconds.</summary>
/// <param name="VisitorShare">Of the visitors, who wait meanwhile.</param>
/// <param name="Detection">Until the group knows that the node is gone.</param>
/// <param name="TakeOver">Until the others have read its shards back.</param>
/// <param name="CatchUp">Until they have read what came meanwhile; infinite where they have nothing to spare.</param>
/// <param name="BrowsersForgotten">Visitors who only browsed: they were in no log.</param>
public sealed record NodeLoss(double VisitorShare, double Detection, double TakeOver, double CatchUp, double BrowsersForgotten);
