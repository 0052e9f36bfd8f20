using StreamEngine.Engine.Outlets;

namespace StreamEngine.Kafka.Outlets;

/// <summary>Messages that the client has and did not report yet, each under a number that is used again: the client carries a number along, not an object.</summary>
internal sealed class UnreportedMessages
{
    private readonly Stack<int> _free = new();
    private Receipt[] _receipts = new Receipt[64];
    private int _used;

    /// <param name="receipt">What is to be told when the message has arrived.</param>
    public int Add(in Receipt receipt)
    {
        if (!_free.TryPop(out var number))
        {
            if (_used == _receipts.Length)
            {
                Array.Resize(ref _receipts, _used * 2);
            }
            number = _used++;
        }
        _receipts[number] = receipt;
        return number;
    }

    public Receipt Take(int number)
    {
        _free.Push(number);
        return _receipts[number];
    }
}
