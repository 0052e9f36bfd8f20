using System.Text.Encodings.Web;
using System.Text.Json;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class NaughtyStringTests
{
    private const string File = "data/naughty-strings/blns.json";

    [Fact]
    public void Naughty_names_and_ids_are_kept_to_the_byte()
    {
        var path = SharedData.Find(File);
        Assert.SkipWhen(path is null, SharedData.MissingMessage(File));
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path!));
        var texts = document.RootElement.EnumerateArray().Select(element => element.GetString()!).ToArray();
        Assert.NotEmpty(texts);
        foreach (var text in texts)
        {
            foreach (var encoder in new JavaScriptEncoder[] { JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            {
                var json = encoder.Encode(text);
                var click = Track("Product Added", $$"""{"product_id":"id{{json}}","name":"{{json}}"}""");
                Assert.Equal("id" + text, click.String(click.Lines[0].Product));
                Assert.Equal(text, click.String(click.Lines[0].Name));
            }
        }
    }
}
