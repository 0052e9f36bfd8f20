using System.Globalization;
using System.Text;
using StreamEngine.Host.Tactics.Shapes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics;

/// <summary>Reads <c>config/tactics.yaml</c>. Whatever the bytes are, the answer is a definition or a list of mistakes.</summary>
public static class TacticsFile
{
    /// <summary>A thousand tactics fit in; it bounds what a wrong path can make the reader do.</summary>
    public const int BytesMax = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a directory.</exception>
    public static TacticsReadResult Read(string path)
    {
        var mistakes = new MistakeList(path);
        var text = ReadText(path, mistakes);
        return text is null ? new TacticsReadResult(null, mistakes.InOrder()) : Parse(text, path);
    }

    /// <param name="fileName">As the mistakes should call it.</param>
    public static TacticsReadResult Parse(string yaml, string fileName)
    {
        var mistakes = new MistakeList(fileName);
        var fields = ReadFields(yaml, mistakes);
        if (fields is not null)
        {
            TacticsRules.Check(fields, mistakes);
        }
        return mistakes.Count > 0 || fields is null
            ? new TacticsReadResult(null, mistakes.InOrder())
            : new TacticsReadResult(TacticsBuilder.Build(fields), []);
    }

    /// <returns>Null where the bytes are not a text of bearable size; then a mistake is noted.</returns>
    internal static string? ReadText(string path, MistakeList mistakes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[BytesMax + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > BytesMax)
        {
            NoteTooLarge(mistakes);
            return null;
        }
        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException broken)
        {
            var line = bytes.AsSpan(0, Math.Clamp(broken.Index, 0, length)).Count((byte)'\n') + 1;
            mistakes.Add(new Place(line, 1), "this line holds bytes that are not UTF-8 text: save the file as UTF-8");
            return null;
        }
    }

    private static Fields? ReadFields(string yaml, MistakeList mistakes)
    {
        if (Encoding.UTF8.GetByteCount(yaml) > BytesMax)
        {
            NoteTooLarge(mistakes);
            return null;
        }
        // A byte-order mark would count as a column.
        var root = SyntaxReader.Read(yaml.TrimStart('\uFEFF'), mistakes);
        if (root is null or ScalarNode { IsNothing: true })
        {
            if (mistakes.Count == 0)
            {
                mistakes.Add(new Place(1, 1), "the file holds no tactics: begin with version: \"2026-11-01\" and a list of 'tactics:'");
            }
            return null;
        }
        return TacticLanguage.File.Read(root, mistakes) as Fields;
    }

    private static void NoteTooLarge(MistakeList mistakes) => mistakes.Add(new Place(1, 1),
        string.Create(CultureInfo.InvariantCulture, $"the file is larger than {BytesMax / 1024} KB, and no tactics file is: is this the right file?"));
}
