using System.Diagnostics.CodeAnalysis;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// Messages on their way out, in order: those still to be handed over, then those without a receipt. After a refusal everything from there is handed over again, but
/// first one message alone: what is behind a message that nobody takes leaves when that one has left, and is not repeated meanwhile.
/// </summary>
internal sealed class SendQueue<T>
{
    private readonly Queue<T> _unacknowledged = new();
    private readonly Queue<T> _unsent = new();
    private bool _isOneAlone;

    public int Count => _unacknowledged.Count + _unsent.Count;

    public int UnacknowledgedCount => _unacknowledged.Count;

    public int UnsentCount => _unsent.Count;

    public void Add(T message) => _unsent.Enqueue(message);

    /// <summary>The next message to hand over, if one may go.</summary>
    public bool TryPeekUnsent([MaybeNullWhen(false)] out T message)
    {
        message = default;
        return !(_isOneAlone && _unacknowledged.Count > 0) && _unsent.TryPeek(out message);
    }

    public void MarkSent() => _unacknowledged.Enqueue(_unsent.Dequeue());

    /// <summary>The oldest message without a receipt.</summary>
    public bool TryPeekUnacknowledged([MaybeNullWhen(false)] out T message) => _unacknowledged.TryPeek(out message);

    public void MarkAcknowledged()
    {
        _unacknowledged.Dequeue();
        _isOneAlone = false;
    }

    /// <summary>For messages that left by another way; before the first is handed over.</summary>
    public void RemoveUnsent(Predicate<T> isGone)
    {
        for (var left = _unsent.Count; left > 0; left--)
        {
            var message = _unsent.Dequeue();
            if (!isGone(message))
            {
                _unsent.Enqueue(message);
            }
        }
    }

    /// <summary>A message was refused: everything from the oldest without a receipt goes again.</summary>
    public void Resend()
    {
        // One that failed is often followed by the failures of all that were behind it.
        if (_unacknowledged.Count == 0)
        {
            return;
        }
        _isOneAlone = true;
        var later = _unsent.ToArray();
        _unsent.Clear();
        foreach (var message in _unacknowledged)
        {
            _unsent.Enqueue(message);
        }
        foreach (var message in later)
        {
            _unsent.Enqueue(message);
        }
        _unacknowledged.Clear();
    }
}
