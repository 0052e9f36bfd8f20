using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>Whatever happens to the file, the answer is a definition or mistakes, never both, never neither, never an exception.</summary>
public sealed class MutationTests
{
    private const string Characters = " \t\n\r:-,[]{}#&*!|>'\"%@`?\\~0159abz_.\0\u00e9\ufeff\U0001F6D2\u0085\u2028";

    private static readonly string Shipped = File.ReadAllText(ShippedFile.Tactics);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mutated_file_is_always_answered(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var text = Shipped;
            for (var cuts = random.Next(1, 6); cuts > 0; cuts--)
            {
                text = Mutate(text, random);
            }
            AssertAnswered(text, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_always_answered()
    {
        for (var length = 0; length < Shipped.Length; length += 7)
        {
            AssertAnswered(Shipped[..length], $"length {length}");
        }
    }

    private static string Mutate(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 30), text.Length - at);
        return random.Next(5) switch
        {
            0 => text.Insert(at, Characters[random.Next(Characters.Length)].ToString()),
            1 => text.Remove(at, Math.Min(1, length)),
            2 => text.Remove(at, length),
            3 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            _ => SwapLines(text, random),
        };
    }

    private static string SwapLines(string text, Random random)
    {
        var lines = text.Split('\n');
        var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    private static void AssertAnswered(string text, string which)
    {
        TacticsReadResult result;
        try
        {
            result = TacticsFile.Parse(text, "t.yaml");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{which} threw for:\n{text}", failure);
        }
        Assert.True(result.Definition is null == result.Mistakes.Count > 0, which);
        Assert.Equal(result.Mistakes.OrderBy(m => (m.Line, m.Column)), result.Mistakes);
        Assert.All(result.Mistakes, m => Assert.True(m is { Line: > 0, Column: > 0, Message.Length: > 0 }, $"{which}: {m}"));
    }
}
