using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>What the engine is asked to do with the clicks. Names are those of the command line.</summary>
public enum BenchTactics
{
    /// <summary>What the product ships: eight tactics, with chat prompts to people who only browse.</summary>
    Shipped,

    /// <summary>One e-mail an hour after a cart was left: the job that the figures of other engines were measured with.</summary>
    Reminder,
}

public static class BenchTacticSets
{
    public static TacticSet Compile(BenchTactics tactics, Currency currency) => TacticSet.Compile(
        tactics == BenchTactics.Shipped
            ? TacticExamples.Shipped()
            : TacticExamples.Set(TacticExamples.Abandoned("email-1h", 3_600_000) with { Limits = new Limits(PerCart: 1) }),
        currency);
}
