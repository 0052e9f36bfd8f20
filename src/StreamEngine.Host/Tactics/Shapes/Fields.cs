using System.Diagnostics.CodeAnalysis;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>The keys of one group as they were read: typed by their <see cref="Key{T}"/>, each with its place.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, (object? Value, Place At)> _read = new(StringComparer.Ordinal);

    private Fields(Place at, Key? head, bool isComplete) => (At, Head, IsComplete) = (at, head, isComplete);

    public Place At { get; }

    /// <summary>For a group of several forms, the key that chose its form.</summary>
    public Key? Head { get; }

    public bool IsComplete { get; }

    public static Fields Bare(Place at, Key head) => new(at, head, isComplete: true);

    public static Fields Read(MapNode map, IReadOnlyList<Key> keys, Key? head, Action<ScalarNode> noteUnknown, string noun, MistakeList mistakes)
    {
        var fields = new Fields(map.At, head, map.IsComplete);
        foreach (var (word, value) in map.Entries)
        {
            var key = keys.FirstOrDefault(k => string.Equals(k.Name, word.Text, StringComparison.Ordinal));
            if (key is null)
            {
                if (value is not RefusedNode)
                {
                    noteUnknown(word);
                }
            }
            else if (value is ScalarNode { IsNothing: true })
            {
                mistakes.Add(word.At, $"'{key.Name}' has no value: write {key.Name}: {key.Shape.Example}");
                fields._read[key.Name] = (null, word.At);
            }
            else
            {
                fields._read[key.Name] = (key.Shape.Read(value, mistakes), value.At);
            }
        }
        foreach (var key in keys)
        {
            if (key.IsRequired && map.IsComplete && !fields._read.ContainsKey(key.Name))
            {
                mistakes.Add(map.At, $"{noun} needs '{key.Name}': write {key.Name}: {key.Shape.Example}");
            }
        }
        return fields;
    }

    /// <returns>False where the key was not written, or could not be read.</returns>
    public bool TryGet<T>(Key<T> key, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        if (_read.TryGetValue(key.Name, out var field) && field.Value is T found)
        {
            value = found;
            return true;
        }
        value = default;
        return false;
    }

    public T Get<T>(Key<T> key, T otherwise)
        where T : notnull => TryGet(key, out var value) ? value : otherwise;

    /// <summary>For what a file without mistakes must hold.</summary>
    public T Get<T>(Key<T> key)
        where T : notnull => TryGet(key, out var value) ? value : throw new InvalidOperationException($"'{key.Name}' was not read, and no mistake was noted");

    public T? Find<T>(Key<T> key)
        where T : class => TryGet(key, out var value) ? value : null;

    public bool IsWritten(Key key) => _read.ContainsKey(key.Name);

    public Place PlaceOf(Key key) => _read.TryGetValue(key.Name, out var field) ? field.At : At;
}
