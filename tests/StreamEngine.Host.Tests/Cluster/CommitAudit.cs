using System.Globalization;
using Npgsql;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>
/// A trigger in the database writes down every change of a shard's row, with the node that made it: what was rolled back is not there, nothing else is missing.
/// So it tells whether a node ever wrote under an epoch that was not its own, which no node can tell of itself.
/// </summary>
internal sealed class CommitAudit(string database)
{
    private const string Sql =
        """
        CREATE SCHEMA audit;
        CREATE TABLE audit.change (
            id          BIGINT  GENERATED ALWAYS AS IDENTITY,
            at_ms       BIGINT  NOT NULL,
            shard       INTEGER NOT NULL,
            epoch       BIGINT  NOT NULL,
            writer      TEXT    NOT NULL,
            commit_seq  BIGINT  NOT NULL,
            next_offset BIGINT  NOT NULL,
            is_commit   BOOLEAN NOT NULL,
            PRIMARY KEY (shard, id)
        );
        CREATE FUNCTION audit.note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO audit.change (at_ms, shard, epoch, writer, commit_seq, next_offset, is_commit)
            VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint, NEW.shard, NEW.epoch, current_setting('application_name'), NEW.commit_seq, NEW.next_offset, NEW.epoch = OLD.epoch);
            RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER UPDATE ON shard FOR EACH ROW EXECUTE FUNCTION audit.note();
        """;

    private const string Columns = "id, at_ms, shard, epoch, writer, commit_seq, next_offset, is_commit";

    private readonly string _connection = new NpgsqlConnectionStringBuilder(database) { Pooling = false, ApplicationName = "audit" }.ConnectionString;

    /// <summary>Makes the store's tables as the first node would, and the trigger on them.</summary>
    public void Install(Shop shop, int partitions)
    {
        using (var store = NodeStore.Open(shop.Settings.Store, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance))
        {
            store.Provision(shop.Kafka.ClicksTopic, partitions);
        }
        using var connection = Open();
        using var command = new NpgsqlCommand(Sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The newest change of each shard that was ever taken over.</summary>
    public IReadOnlyList<ShardChange> Newest() => Read(
        $"SELECT newest.* FROM shard CROSS JOIN LATERAL (SELECT {Columns} FROM audit.change WHERE change.shard = shard.shard ORDER BY id DESC LIMIT 1) AS newest ORDER BY shard");

    /// <summary>All changes, by shard in order.</summary>
    public IReadOnlyList<ShardChange> All() => Read($"SELECT {Columns} FROM audit.change ORDER BY shard, id");

    /// <summary>
    /// Each epoch belongs to the node that began it and to nobody else: no other node wrote under it, and nobody wrote under an older one. A take-over changes
    /// nothing but the epoch; a commit follows the one before it and never goes back in the log.
    /// </summary>
    public static void Check(IReadOnlyList<ShardChange> changes)
    {
        foreach (var (before, after) in changes.Zip(changes.Skip(1)).Where(static pair => pair.First.Shard == pair.Second.Shard))
        {
            if (after.IsCommit)
            {
                Assert.Equal((before.Epoch, before.Writer, before.CommitSeq + 1), (after.Epoch, after.Writer, after.CommitSeq));
                Assert.True(after.NextOffset >= before.NextOffset, string.Create(CultureInfo.InvariantCulture, $"{after} went back from offset {before.NextOffset}"));
            }
            else
            {
                Assert.Equal((before.Epoch + 1, before.CommitSeq, before.NextOffset), (after.Epoch, after.CommitSeq, after.NextOffset));
            }
        }
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_connection);
        connection.Open();
        return connection;
    }

    private List<ShardChange> Read(string sql)
    {
        using var connection = Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var row = command.ExecuteReader();
        var changes = new List<ShardChange>();
        while (row.Read())
        {
            changes.Add(new ShardChange(
                row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), string.Intern(row.GetString(4)), row.GetInt64(5), row.GetInt64(6), row.GetBoolean(7)));
        }
        return changes;
    }
}
