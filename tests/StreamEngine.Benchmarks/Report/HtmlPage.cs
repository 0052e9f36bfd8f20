using System.Globalization;
using System.Net;
using System.Text;

namespace StreamEngine.Benchmarks.Report;

/// <summary>A page of charts and tables in one file, without scripts and without anything that must be fetched.</summary>
public sealed class HtmlPage
{
    private const int NameWidth = 230;
    private const int BarWidth = 560;
    private const int RowHeight = 30;

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --faint: #6b7482; --line: #d9dee6; --k0: #9aa4b2; --k1: #2f6fd0; --k2: #2a9d78; --k3: #b7791f; --k4: #c3b7d6; --k5: #d5b8ab; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181f; --faint: #98a2b0; --line: #2c3440; --k0: #6b7482; --k1: #5a95ee; --k2: #45bd95; --k3: #e0a94a; --k4: #7d6f95; --k5: #96756a; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1080px; margin: 2.5rem auto; padding: 0 1.5rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .4rem; } h3 { font-size: .95rem; margin: 1.4rem 0 .3rem; }
        p { color: var(--faint); margin: .3rem 0 1rem; } figure { margin: 1rem 0; } figcaption { color: var(--faint); margin-bottom: .4rem; }
        svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
        th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        th { color: var(--faint); font-weight: 600; } th:first-child, td:first-child { text-align: left; }
        """;

    private readonly StringBuilder _body = new();
    private readonly string _title;

    public HtmlPage(string title)
    {
        _title = title;
        Line($"<h1>{Escape(title)}</h1>");
    }

    public void Heading(string text) => Line($"<h2>{Escape(text)}</h2>");

    public void Subheading(string text) => Line($"<h3>{Escape(text)}</h3>");

    public void Note(string text) => Line($"<p>{Escape(text)}</p>");

    public void Bars(BarChart chart)
    {
        var (caption, bars) = (chart.Caption, chart.Bars);
        var scale = BarWidth / Math.Max(double.Epsilon, bars.Max(static bar => Math.Max(bar.Value, bar.High)));
        Line($"<figure><figcaption>{Escape(caption)}</figcaption>");
        Line($"""<svg viewBox="0 0 {NameWidth + BarWidth + 90} {bars.Count * RowHeight}" width="{NameWidth + BarWidth + 90}" role="img" aria-label="{Escape(caption)}">""");
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            var (top, middle) = (i * RowHeight, i * RowHeight + RowHeight / 2);
            var (low, high) = (NameWidth + bar.Low * scale, NameWidth + bar.High * scale);
            Line($"""<text x="{NameWidth - 10}" y="{middle + 5}" text-anchor="end">{Escape(bar.Name)}</text>""");
            Line($"""<rect x="{NameWidth}" y="{top + 4}" width="{bar.Value * scale:0.0}" height="{RowHeight - 8}" rx="3" fill="var(--k{bar.Kind})"/>""");
            Line($"""<path d="M{low:0.0} {middle}H{high:0.0}M{low:0.0} {middle - 5}v10M{high:0.0} {middle - 5}v10" stroke="var(--ink)" fill="none" opacity=".6"/>""");
            Line($"""<text x="{Math.Max(high, NameWidth + bar.Value * scale) + 8:0.0}" y="{middle + 5}">{Escape(bar.Text)}</text>""");
        }
        Line($"</svg></figure>");
    }

    public void Table(IEnumerable<string> columns, IEnumerable<string[]> rows)
    {
        Line($"""<div class="scroll"><table><thead><tr>{string.Concat(columns.Select(static cell => $"<th>{Escape(cell)}</th>"))}</tr></thead><tbody>""");
        foreach (var row in rows)
        {
            Line($"<tr>{string.Concat(row.Select(static cell => $"<td>{Escape(cell)}</td>"))}</tr>");
        }
        Line($"</tbody></table></div>");
    }

    public override string ToString() => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Escape(_title)}</title>
        <style>
        {Style}
        </style></head><body>
        {_body}</body></html>

        """;

    private void Line(FormattableString html) => _body.Append(html.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
