using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>The read models of one shard, as a store shows them to people.</summary>
public sealed record StoreRows(
    IReadOnlyList<ActionRow> Actions,
    IReadOnlyList<CartRow> Carts,
    IReadOnlyList<KpiDelta> Kpis,
    IReadOnlyList<DeadLetterRow> DeadLetters,
    IReadOnlyList<ContactRow> Contacts);
