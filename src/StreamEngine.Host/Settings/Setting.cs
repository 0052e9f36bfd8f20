namespace StreamEngine.Host.Settings;

/// <summary>One thing that can be set: its key, what it may hold, and where it goes.</summary>
public abstract class Setting(string key, string doc)
{
    /// <summary>"Section:Name".</summary>
    public string Key { get; } = key;

    /// <summary>One line for the table of settings.</summary>
    public string Doc { get; } = doc;

    /// <summary>What is right, as the end of "write ...".</summary>
    public abstract string Right { get; }

    /// <summary>The value in force, as one would write it.</summary>
    public abstract string TextOf(HostSettings settings);

    public abstract bool TryApply(string text, HostSettings before, out HostSettings after);
}

public sealed class Setting<T>(
    string key, SettingType<T> type, Func<HostSettings, T> get, Func<HostSettings, T, HostSettings> with, string doc) : Setting(key, doc)
{
    public override string Right => type.Right;

    public override string TextOf(HostSettings settings) => type.Format(get(settings));

    public override bool TryApply(string text, HostSettings before, out HostSettings after)
    {
        var isRight = type.TryParse(text, out var value);
        after = isRight ? with(before, value) : before;
        return isRight;
    }
}

/// <summary>What a setting may hold.</summary>
/// <param name="Right">What is right, as the end of "write ...".</param>
/// <param name="Format">Its text is read back as the same value.</param>
public sealed record SettingType<T>(string Right, SettingParser<T> TryParse, Func<T, string> Format);

public delegate bool SettingParser<T>(string text, out T value);
