using System.Runtime.CompilerServices;
using FsCheck.Fluent;
using Xunit;

namespace StreamEngine.Carts.Tests;

public sealed class SlabListTests
{
    private const int Lists = 8;

    private readonly Slab<long> _slab = new();

    /// <summary>Steps are (list, deed, value). Lists of one slab lie side by side: whatever happens to one of them must not be seen in another.</summary>
    [Fact]
    public void However_lists_of_one_slab_change_each_is_like_a_list_of_its_own() =>
        Checks.Run(Prop.ForAll(Gen.Choose(0, Lists - 1).Zip(Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Choose(2, 4)))).Zip(Gen.Choose(0, 1_000_000)).ListOf(400).ToArbitrary(), steps =>
        {
            var lists = new SlabList<long>[Lists];
            var expected = Enumerable.Range(0, Lists).Select(static _ => new List<long>()).ToArray();
            foreach (var ((at, deed), value) in steps)
            {
                Do(ref lists[at], expected[at], deed, value, lists[value % Lists].Span.ToArray());
                for (var i = 0; i < Lists; i++)
                {
                    Assert.Equal(expected[i], lists[i].Span.ToArray());
                    Assert.Equal(expected[i].Count, lists[i].Count);
                }
            }
        }));

    [Fact]
    public void A_place_that_is_added_is_empty_whatever_was_there_before()
    {
        var list = Filled(3);
        list.Release(_slab);
        var next = default(SlabList<long>);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(0, next.Add(_slab));
        }
        next.Span.Fill(7);
        next.RemoveAt(0);
        Assert.Equal(0, next.Add(_slab));
        next.Span.Fill(7);
        next.Restart();
        Assert.Equal(0, next.Add(_slab));
    }

    [Fact]
    public void Lists_that_come_and_go_take_no_new_memory()
    {
        Grow();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Grow();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Grow()
        {
            var list = Filled(25);
            list.Release(_slab);
        }
    }

    [Fact]
    public void A_list_that_is_too_long_for_the_slab_has_an_array_of_its_own()
    {
        var list = Filled(1_000);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(static i => (long)i), list.Span.ToArray());
        list.Release(_slab);
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void A_list_without_a_slab_leaves_the_slab_of_what_it_copies_alone()
    {
        var list = Filled(3);
        var trial = default(SlabList<long>);
        trial.CopyFrom(list.Span, null);
        trial.Add(null) = 9;
        trial.Release(null);
        Assert.Equal([0, 1, 2], Filled(3).Span.ToArray());
        Assert.Equal([0, 1, 2], list.Span.ToArray());
    }

    [Fact]
    public void What_a_released_list_pointed_to_is_not_kept_in_memory()
    {
        var slab = new Slab<Pointer>();
        var gone = FillAndRelease(slab);
        GC.Collect();
        Assert.False(gone.TryGetTarget(out _));
        GC.KeepAlive(slab);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<object> FillAndRelease(Slab<Pointer> slab)
    {
        var target = new object();
        var list = default(SlabList<Pointer>);
        list.Add(slab) = new Pointer(target);
        list.Add(slab) = new Pointer(target);
        list.Release(slab);
        return new WeakReference<object>(target);
    }

    private void Do(ref SlabList<long> list, List<long> expected, int deed, int value, long[] others)
    {
        switch (deed)
        {
            case 0:
                list.Add(_slab) = value;
                expected.Add(value);
                break;
            case 1 when expected.Count > 0:
                list.RemoveAt(value % expected.Count);
                expected.RemoveAt(value % expected.Count);
                break;
            case 2:
                list.CopyFrom(others, _slab);
                expected.Clear();
                expected.AddRange(others);
                break;
            case 3:
                list.Restart();
                expected.Clear();
                break;
            case 4:
                list.Release(_slab);
                expected.Clear();
                break;
            default: break;
        }
    }

    private SlabList<long> Filled(int count)
    {
        var list = default(SlabList<long>);
        for (var i = 0; i < count; i++)
        {
            list.Add(_slab) = i;
        }
        return list;
    }

    private readonly record struct Pointer(object Target);
}
