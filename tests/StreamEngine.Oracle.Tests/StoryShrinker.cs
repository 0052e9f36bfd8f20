namespace StreamEngine.Oracle.Tests;

/// <summary>Makes a story that shows a difference as short as it can while it still shows one.</summary>
public static class StoryShrinker
{
    public static Story Shrink(Story story, Func<Story, bool> isBad)
    {
        for (var wasShrunk = true; wasShrunk;)
        {
            wasShrunk = false;
            foreach (var smaller in Smaller(story))
            {
                if (isBad(smaller))
                {
                    (story, wasShrunk) = (smaller, true);
                    break;
                }
            }
        }
        return story;
    }

    /// <summary>Large cuts first: half of the steps, then single ones, tactics, restarts, and what a step says besides.</summary>
    private static IEnumerable<Story> Smaller(Story story)
    {
        for (var length = story.Steps.Count / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= story.Steps.Count; at += length)
            {
                yield return Without(story, at, length);
            }
        }
        foreach (var restart in story.DownBefore)
        {
            yield return story with { DownBefore = story.DownBefore.Where(d => d != restart).ToHashSet() };
        }
        for (var i = story.Tactics.Tactics.Count - 1; i >= 0; i--)
        {
            yield return story with { Tactics = story.Tactics with { Tactics = [.. story.Tactics.Tactics.Where((_, at) => at != i)] } };
        }
        for (var i = 0; i < story.Steps.Count; i++)
        {
            var step = story.Steps[i];
            Step[] plainer = [step with { AgoMs = null }, step with { MessageId = null }, step with { IsLookedFirst = false }, step with { GapMs = 0 }];
            foreach (var candidate in plainer.Where(c => c != step))
            {
                yield return story with { Steps = [.. story.Steps.Select((s, at) => at == i ? candidate : s)] };
            }
        }
    }

    /// <summary>The time that the steps took passes all the same, or what is due later would move.</summary>
    private static Story Without(Story story, int at, int length)
    {
        var steps = story.Steps.ToList();
        var gap = steps.GetRange(at, length).Sum(s => s.GapMs);
        steps.RemoveRange(at, length);
        if (at < steps.Count)
        {
            steps[at] = steps[at] with { GapMs = steps[at].GapMs + gap };
        }
        var down = story.DownBefore.Where(d => d < at || d >= at + length).Select(d => d < at ? d : d - length).ToHashSet();
        return story with { Steps = steps, DownBefore = down };
    }
}
