using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Tests.Shards;

public sealed class SessionOrderTests
{
    private readonly SessionOrder _order = new();

    [Fact]
    public void Nobody_is_first_where_nobody_is()
    {
        Assert.Null(_order.First);
        Assert.Equal(0, _order.Count);
        Assert.Empty(Listed(_order));
    }

    [Fact]
    public void Who_is_moved_to_the_end_goes_behind_all_others()
    {
        var (ann, bob, eve) = (Append(), Append(), Append());
        _order.MoveToEnd(ann);
        Assert.Equal([bob, eve, ann], Listed(_order));
        Assert.Same(bob, _order.First);
    }

    [Fact]
    public void To_move_the_last_to_the_end_changes_nothing()
    {
        var (ann, bob) = (Append(), Append());
        _order.MoveToEnd(bob);
        Assert.Equal([ann, bob], Listed(_order));
    }

    [Fact]
    public void Who_was_removed_can_be_in_another_order()
    {
        var (ann, bob) = (Append(), Append());
        var other = new SessionOrder();
        _order.Remove(ann);
        other.MoveToEnd(ann);
        Assert.Equal([bob], Listed(_order));
        Assert.Equal([ann], Listed(other));
    }

    [Fact]
    public void Who_was_removed_is_not_kept_in_memory()
    {
        var gone = AppendAndRemove();
        GC.Collect();
        Assert.False(gone.TryGetTarget(out _));
    }

    /// <summary>More sessions than the order has room for at first, of which it holds some, so that it grows and takes freed nodes again.</summary>
    [Fact]
    public void However_sessions_come_and_move_and_go_it_is_like_a_linked_list() =>
        Prop.ForAll(Gen.Choose(0, 199).Zip(Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))).ListOf().ToArbitrary(), steps =>
        {
            var order = new SessionOrder();
            var model = new LinkedList<ResidentSession>();
            var sessions = Enumerable.Range(0, 200).Select(_ => new ResidentSession([])).ToArray();
            foreach (var (at, moves) in steps)
            {
                var wasThere = model.Remove(sessions[at]);
                if (moves)
                {
                    order.MoveToEnd(sessions[at]);
                    model.AddLast(sessions[at]);
                }
                else if (wasThere)
                {
                    order.Remove(sessions[at]);
                }
                Assert.Equal(model.Count, order.Count);
                Assert.Same(model.First?.Value, order.First);
            }
            Assert.Equal(model, Listed(order));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(2_000));

    private static List<ResidentSession> Listed(SessionOrder order)
    {
        var listed = new List<ResidentSession>();
        foreach (var session in order)
        {
            listed.Add(session);
        }
        return listed;
    }

    private ResidentSession Append()
    {
        var session = new ResidentSession([]);
        _order.MoveToEnd(session);
        return session;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<ResidentSession> AppendAndRemove()
    {
        var session = Append();
        _order.Remove(session);
        return new WeakReference<ResidentSession>(session);
    }
}
