namespace StreamEngine.Engine.Outlets;

/// <summary>
/// Reads back from the end of the actions topic. Any thread; bounded in time: what is not found is published again, under the id it had.
/// </summary>
/// <param name="shard">The partition.</param>
/// <param name="countMax">Records to look at.</param>
/// <returns>The ids that are there; empty where the broker did not answer in time.</returns>
public delegate IReadOnlySet<string> ActionTail(int shard, int countMax);
