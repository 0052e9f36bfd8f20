using Xunit;

namespace StreamEngine.Host.Tests;

public sealed class NearestSpellingTests
{
    private static readonly string[] Triggers = ["page_dwell", "exit_intent", "event", "abandoned"];

    [Theory]
    [InlineData("exit-intnt", "exit_intent")]
    [InlineData("exit intent", "exit_intent")]
    [InlineData("EXIT_INTENT", "exit_intent")]
    [InlineData("evnet", "event")]
    [InlineData("events", "event")]
    [InlineData("abandonned", "abandoned")]
    [InlineData("dwell", "page_dwell")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    [InlineData("e", null)]
    public void The_word_that_was_meant_is_found(string word, string? meant) => Assert.Equal(meant, NearestSpelling.Of(word, Triggers));

    [Theory]
    [InlineData("bootstrapserver", "BootstrapServers")]
    [InlineData("Bootstrap-Servers", "BootstrapServers")]
    [InlineData("GropuId", "GroupId")]
    [InlineData("topic", null)]
    public void Configuration_keys_are_found_too(string word, string? meant) =>
        Assert.Equal(meant, NearestSpelling.Of(word, ["BootstrapServers", "GroupId", "ClicksTopic", "ActionsTopic"]));

    [Fact]
    public void Swapped_neighbours_are_one_step() => Assert.Equal("name", NearestSpelling.Of("nmae", ["time", "name"]));

    [Fact]
    public void The_nearer_of_two_wins_and_the_first_of_two_equals()
    {
        Assert.Equal("carts", NearestSpelling.Of("carts", ["cart", "carts"]));
        Assert.Equal("bat", NearestSpelling.Of("xat", ["bat", "cat"]));
    }

    [Fact]
    public void A_part_of_several_words_means_none_of_them() => Assert.Null(NearestSpelling.Of("cart", ["per_cart", "cart_chat"]));

    [Fact]
    public void Without_candidates_or_with_an_endless_word_there_is_no_answer()
    {
        Assert.Null(NearestSpelling.Of("name", []));
        Assert.Null(NearestSpelling.Of(new string('x', 1_000_000), [new string('x', 64)]));
    }
}
