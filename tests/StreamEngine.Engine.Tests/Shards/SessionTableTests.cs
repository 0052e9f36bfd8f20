using System.Runtime.CompilerServices;
using System.Text;
using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Tests.Shards;

public sealed class SessionTableTests
{
    private readonly SessionTable _table = new();

    [Fact]
    public void A_visitor_is_found_by_his_bytes_and_by_no_others()
    {
        var ann = Add("ann");
        Assert.Same(ann, Find("ann"));
        Assert.Null(Find("anna"));
        Assert.Null(Find(""));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Visitors_with_the_same_hash_are_told_apart()
    {
        var hash = SessionTable.Hash("ann"u8);
        Add("ann");
        Assert.Null(_table.Find("bob"u8, hash));
    }

    [Fact]
    public void To_remove_who_is_not_there_changes_nothing()
    {
        var ann = Add("ann");
        _table.Remove("bob"u8);
        Assert.Same(ann, Find("ann"));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Who_was_removed_is_not_kept_in_memory()
    {
        var gone = AddAndRemove();
        GC.Collect();
        Assert.False(gone.TryGetTarget(out _));
    }

    /// <summary>Small and often nearly full, so that rows of taken slots are long and holes are closed within them and over the table's end.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(48)]
    [InlineData(3_000)]
    public void However_visitors_come_and_go_it_holds_those_who_are_there(int visitorsMax)
    {
        var random = new Random(visitorsMax);
        var there = new Dictionary<string, ResidentSession>(StringComparer.Ordinal);
        for (var step = 0; step < 60_000; step++)
        {
            var visitor = "visitor-" + random.Next(visitorsMax * 2);
            if (there.Remove(visitor))
            {
                _table.Remove(Encoding.UTF8.GetBytes(visitor));
            }
            else if (there.Count < visitorsMax)
            {
                there.Add(visitor, Add(visitor));
            }
            var asked = "visitor-" + random.Next(visitorsMax * 2);
            Assert.Same(there.GetValueOrDefault(asked), Find(asked));
        }
        Assert.Equal(there.Count, _table.Count);
        Assert.All(there, entry => Assert.Same(entry.Value, Find(entry.Key)));
        var listed = new List<string>();
        foreach (var session in _table)
        {
            listed.Add(Encoding.UTF8.GetString(session.Visitor));
        }
        Assert.Equal(there.Keys.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_expected_need_not_come()
    {
        Expect("ann");
        Assert.Null(Find("ann"));
        var session = Add("ann");
        Expect("ann");
        Assert.Same(session, Find("ann"));
        _table.Remove("ann"u8);
        Expect("ann");
        Assert.Null(Find("ann"));
    }

    private void Expect(string visitor)
    {
        var hash = SessionTable.Hash(Encoding.UTF8.GetBytes(visitor));
        _table.ExpectSlot(hash);
        _table.ExpectPlace(hash);
        _table.ExpectSession(hash);
        _table.ExpectLists(hash);
    }

    private ResidentSession Add(string visitor)
    {
        var session = new ResidentSession(Encoding.UTF8.GetBytes(visitor));
        _table.Add(session);
        return session;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<ResidentSession> AddAndRemove()
    {
        var session = Add("ann");
        _table.Remove("ann"u8);
        return new WeakReference<ResidentSession>(session);
    }

    private ResidentSession? Find(string visitor)
    {
        var bytes = Encoding.UTF8.GetBytes(visitor);
        return _table.Find(bytes, SessionTable.Hash(bytes));
    }
}
