using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Tests.Shards;

public sealed class SendBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Texts_stay_as_they_are_until_they_are_released_in_whatever_order(int seed)
    {
        var random = new Random(seed);
        var buffer = new SendBuffer();
        var held = new List<(SendBuffer.Room Room, byte[] Text)>();
        for (var i = 0; i < 20_000; i++)
        {
            if (held.Count > 0 && random.Next(100) < (held.Count > 200 ? 60 : 45))
            {
                // Mostly the oldest, as the broker acknowledges them; sometimes one from the middle, as those that are skipped.
                var at = random.Next(10) == 0 ? random.Next(held.Count) : 0;
                Assert.True(held[at].Room.Bytes.Span.SequenceEqual(held[at].Text));
                buffer.Release(held[at].Room);
                held.RemoveAt(at);
                continue;
            }
            var text = new byte[random.Next(200) == 0 ? random.Next(100_000) : random.Next(2_000)];
            random.NextBytes(text);
            var room = buffer.Take(text.Length);
            text.CopyTo(room.Bytes);
            held.Add((room, text));
        }
        Assert.All(held, static entry => Assert.True(entry.Room.Bytes.Span.SequenceEqual(entry.Text)));
    }

    [Fact]
    public void Messages_that_come_and_go_take_no_new_memory_but_a_few_bytes_a_chunk()
    {
        var buffer = new SendBuffer();
        var rooms = new Queue<SendBuffer.Room>();
        PassThrough(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PassThrough(10_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);

        void PassThrough(int messages)
        {
            for (var i = 0; i < messages; i++)
            {
                rooms.Enqueue(buffer.Take(900));
                if (rooms.Count > 100)
                {
                    buffer.Release(rooms.Dequeue());
                }
            }
        }
    }
}
