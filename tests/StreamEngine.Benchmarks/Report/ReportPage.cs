namespace StreamEngine.Benchmarks.Report;

/// <summary>Chapters as one HTML page: the floors and goals of all, then each with its charts and tables.</summary>
public static class ReportPage
{
    public static string Write(IReadOnlyList<Chapter> chapters)
    {
        var page = new HtmlPage(chapters.Count == 1 ? chapters[0].Title : "StreamEngine, measured");
        var marks = chapters.SelectMany(static chapter => chapter.Marks).ToList();
        if (marks.Count > 0)
        {
            page.Heading("Floors and goals");
            page.Table(Mark.Columns, marks.Select(static mark => mark.Cells));
        }
        foreach (var chapter in chapters)
        {
            page.Heading(chapter.Title);
            page.Note(chapter.Machine);
            chapter.Mistakes.ForEach(mistake => page.Note("WRONG RESULT: " + mistake));
            chapter.Charts.ForEach(page.Bars);
            foreach (var table in chapter.Tables)
            {
                page.Subheading(table.Heading);
                page.Table(table.Columns, table.Rows);
            }
            chapter.Notes.ForEach(page.Note);
        }
        return page.ToString();
    }
}
