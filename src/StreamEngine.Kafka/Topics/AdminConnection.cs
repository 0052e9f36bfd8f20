using Confluent.Kafka;

namespace StreamEngine.Kafka.Topics;

internal static class AdminConnection
{
    public static IAdminClient Open(KafkaSettings settings, Action<Error> onError) =>
        new AdminClientBuilder(ClientProperties.For(settings))
            .SetErrorHandler((_, error) => onError(error))
            .SetLogHandler((_, _) => { }) // what matters comes as an error too
            .Build();
}
