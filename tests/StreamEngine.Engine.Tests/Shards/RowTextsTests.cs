using StreamEngine.Carts;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Tests.Shards;

public sealed class RowTextsTests
{
    [Fact]
    public void Texts_of_every_length_stay_as_they_are_until_the_commit_is_used_again()
    {
        var random = new Random(1);
        var texts = new RowTexts();
        for (var commit = 0; commit < 5; commit++)
        {
            var added = new List<(Utf8Text Text, byte[] Bytes)>();
            for (var i = 0; i < 3_000; i++)
            {
                var bytes = new byte[random.Next(100) == 0 ? random.Next(100_000) : random.Next(1_500)];
                random.NextBytes(bytes);
                added.Add((texts.Add(bytes), bytes));
            }
            Assert.All(added, static entry => Assert.True(entry.Text.Bytes.Span.SequenceEqual(entry.Bytes)));
            texts.Reset();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no activity for 30 min", "no activity for 30 min")]
    [InlineData("held back; cart of 2 lines worth 10.00 €; fünf", "held back", "cart of 2 lines worth 10.00 €", "fünf")]
    [InlineData("; ", "", "")]
    public void Reasons_are_joined(string joined, params string[] reasons) => Assert.Equal(joined, new RowTexts().AddJoined([.. reasons], "; ").ToString());

    [Fact]
    public void A_commit_that_is_used_again_takes_no_new_memory()
    {
        var texts = new RowTexts();
        Fill();
        // What the pool itself needs for the first piece that it gets back is made now, if no other test was before.
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            texts.Reset();
            for (var i = 0; i < 1_000; i++)
            {
                texts.Add("no activity for 30 min"u8);
                texts.Take(900);
            }
        }
    }
}
