using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>Recovery of one segment, in order of sequence: the newest state of a session wins, and an ended one goes.</summary>
internal static class SegmentRestore
{
    /// <exception cref="ShardStoppedException">The segment is damaged.</exception>
    public static void Read(int shard, SegmentInfo info, ReadOnlySpan<byte> segment, SessionTable sessions, ShardLog log, SessionMemory memory)
    {
        try
        {
            Read(info, segment, sessions, log, memory);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or EndOfStreamException)
        {
            throw new ShardStoppedException(
                $"Shard {shard}: segment {info.Seq} of its log cannot be read: {e.Message}. Restore the database from a backup; nothing was changed.", e);
        }
    }

    private static void Read(SegmentInfo info, ReadOnlySpan<byte> segment, SessionTable sessions, ShardLog log, SessionMemory memory)
    {
        var reader = new SegmentReader(segment);
        log.RestoreSegment(info);
        while (reader.TryNext())
        {
            var session = sessions.Find(reader.Key, SessionTable.Hash(reader.Key));
            if (session is not null)
            {
                log.Forget(session);
                sessions.Remove(reader.Key);
                session.Release(memory);
            }
            if (reader.IsEnd)
            {
                continue;
            }
            session = new ResidentSession(reader.Key.ToArray());
            SessionCodec.Read(reader.State, session, memory);
            sessions.Add(session);
            log.Restore(session, info.Seq, reader.EntryBytes);
        }
    }
}
