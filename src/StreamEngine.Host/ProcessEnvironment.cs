using System.Collections;

namespace StreamEngine.Host;

public static class ProcessEnvironment
{
    public static IEnumerable<KeyValuePair<string, string>> Variables()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            yield return new((string)variable.Key, (string?)variable.Value ?? "");
        }
    }
}
