using System.Globalization;
using Npgsql;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Tests.Blocks;

namespace StreamEngine.Storage.Tests.Postgres;

public sealed class PostgresMigrationTests
{
    [Fact]
    public void A_database_of_the_second_version_keeps_its_decisions_and_its_closed_carts()
    {
        var database = PostgresFixture.Server.CreateDatabase();
        using (var connection = new NpgsqlConnection(database))
        {
            connection.Open();
            PostgresSchema.Of(connection, database, 2).Apply(0, 0);
            using var rows = new NpgsqlCommand(
                """
                INSERT INTO meta VALUES (1, 'clicks', 1, 'store', 0, 1);
                INSERT INTO shard VALUES (0, 1, 'node-a', 1, 10, 0, 2, 1, 0, 0);
                INSERT INTO cart VALUES (0, 'v1', 1, 'Carting', 500, 'EUR', 1, 0, 10), (0, 'v2', 1, 'Purchased', 700, 'EUR', 2, 0, 20);
                INSERT INTO action VALUES (0, 1, 'b', 'v1', 1, 't', 'email', NULL, NULL, 'r', 1, 2, 3, 4, '{}', 1, 0),
                                          (0, 0, 'c', 'v1', 1, 't', 'email', 'A', 'HoldOut', 'r', 1, 2, 3, 4, '{}', 1, 1),
                                          (0, 2, 'a', 'v2', 1, 't', 'email', NULL, NULL, 'r', 1, 2, 3, 4, '{}', 1, 2);
                """,
                connection);
            rows.ExecuteNonQuery();
        }
        var error = Assert.Throws<EngineFatalException>(() => PostgresStoreReader.Open(PostgresFixture.Options(database)));
        Assert.Contains("was written by an older streamengine: run this one on it once", error.Message, StringComparison.Ordinal);

        using var later = PostgresFixture.Open(database);
        later.Provision("clicks", 1);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(later, Commits.For(later.TakeOver(0, "node-b"), 2)));
        Assert.Equal("a", Assert.Single(later.ReadOutbox(0, 1, 10)).Id);
        using var reader = PostgresStoreReader.Open(PostgresFixture.Options(database));
        Assert.Equal([new CartRow("v2", 0, 1, "Purchased", 700, "EUR", 2, 0, 20)], reader.ReadCarts(0));
        Assert.Equal([(1, "b"), (0, "c"), (2, "a")], reader.ReadActions(0).Select(static row => ((int)row.Seq, row.Id)));
    }

    [Fact]
    public void A_database_of_the_third_version_keeps_every_row_in_its_order()
    {
        const int Count = 2_500;
        var database = PostgresFixture.Server.CreateDatabase();
        using (var connection = new NpgsqlConnection(database))
        {
            connection.Open();
            PostgresSchema.Of(connection, database, 3).Apply(0, 0);
            using var rows = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture,
                $$"""
                INSERT INTO meta VALUES (1, 'clicks', 2, 'store', 0, 1);
                INSERT INTO shard VALUES (0, 1, 'node-a', 1, 10, 0, {{Count}}, 1, 0, 0), (1, 1, 'node-a', 1, 10, 0, 0, 0, 0, 0);
                INSERT INTO action SELECT 0, i, 'a' || i, 'v''' || i || E'\u241B\u241B', 1, 't', 'email', NULL, NULL, 'ü "r"', 9000 - i, 2, 3, i,
                    convert_to('{"n":' || i || ',"t":"\u00fc"}', 'UTF8'), i / 2000, i FROM generate_series(1, {{Count}}) AS i;
                INSERT INTO action VALUES (1, 0, 'held', 'v', 1, 't', 'email', 'A', 'HoldOut', 'r', 1, 2, 3, 4, '', 1, 0);
                INSERT INTO cart SELECT 0, 5, 'v' || (i % 500), i, 'Carting', i, 'EUR', 1, 0, i, 1, i FROM generate_series(1, {{Count}}) AS i;
                """),
                connection);
            rows.ExecuteNonQuery();
        }
        using var later = PostgresFixture.Open(database);
        later.Provision("clicks", 2);
        using var reader = PostgresStoreReader.Open(PostgresFixture.Options(database));
        MigratedRows.Check(later, reader.ReadActions(0), reader.ReadCarts(0), reader.ReadSummary(), Count);
        Assert.Equal(("held", "HoldOut", 0), MigratedRows.Held(reader.ReadActions(1)));
    }
}
