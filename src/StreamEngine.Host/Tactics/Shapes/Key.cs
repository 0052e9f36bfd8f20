namespace StreamEngine.Host.Tactics.Shapes;

/// <param name="about">One or two sentences for the retailer; editors show it.</param>
internal abstract class Key(string name, Shape shape, string about, bool isRequired)
{
    public string Name { get; } = name;
    public Shape Shape { get; } = shape;
    public string About { get; } = about;
    public bool IsRequired { get; } = isRequired;
}

internal sealed class Key<T>(string name, Shape<T> shape, string about, bool isRequired = false) : Key(name, shape, about, isRequired)
    where T : notnull;
