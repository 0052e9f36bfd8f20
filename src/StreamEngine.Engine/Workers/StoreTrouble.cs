using Microsoft.Extensions.Logging;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// What keeps the store from working, told once when it begins and once when it is over, however many shards meet it and however often they try. One for all
/// workers of a node. It is over when every shard that met it has been open again for a while: a full disk takes small commits now and then.
/// </summary>
public sealed class StoreTrouble(TimeProvider time, ILogger logger, TimeSpan calm)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Episode> _episodes = new(StringComparer.Ordinal);
    private volatile bool _isAny;

    /// <summary>True when nobody has told of it yet: the caller does.</summary>
    public bool IsNews(int shard, string reason)
    {
        lock (_gate)
        {
            var isNews = !_episodes.TryGetValue(reason, out var episode);
            if (episode is null)
            {
                _episodes.Add(reason, episode = new Episode { BeganAt = time.GetTimestamp() });
            }
            episode.Attempts++;
            episode.Waiting.Add(shard);
            _isAny = true;
            return isNews;
        }
    }

    /// <summary>The shard is open, or somebody else's.</summary>
    /// <returns>True when it had met trouble.</returns>
    public bool Leave(int shard)
    {
        if (!_isAny)
        {
            return false;
        }
        lock (_gate)
        {
            var isLeft = false;
            foreach (var episode in _episodes.Values)
            {
                if (episode.Waiting.Remove(shard))
                {
                    episode.LeftAt = time.GetTimestamp();
                    isLeft = true;
                }
            }
            return isLeft;
        }
    }

    /// <summary>Tells what is over by now.</summary>
    public void MaybeEnd()
    {
        if (!_isAny)
        {
            return;
        }
        lock (_gate)
        {
            foreach (var (reason, episode) in _episodes)
            {
                if (episode.Waiting.Count > 0 || time.GetElapsedTime(episode.LeftAt) < calm)
                {
                    continue;
                }
                _episodes.Remove(reason);
                logger.TroubleOver((long)time.GetElapsedTime(episode.BeganAt, episode.LeftAt).TotalSeconds, episode.Attempts, reason);
            }
            _isAny = _episodes.Count > 0;
        }
    }

    private sealed class Episode
    {
        public HashSet<int> Waiting { get; } = [];
        public long BeganAt { get; init; }

        /// <summary>When the last shard left, a TimeProvider timestamp.</summary>
        public long LeftAt { get; set; }
        public int Attempts { get; set; }
    }
}
