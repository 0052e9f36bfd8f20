namespace StreamEngine.Carts.Clicks;

/// <summary>What becomes of the value that stands behind a piece of a record's frame.</summary>
internal enum Target : byte
{
    /// <summary>Checked, and not kept.</summary>
    Nothing,
    Field,
    Trait,
    ContextTrait,
    Product,
    Line,

    // No values: the places at which a product list and each of its products begin, and the record's end.
    List,
    NewLine,
    End,
}

/// <summary>
/// Records of one source are alike: between their values stand the same names and brackets, in the same order. What a whole scan has found between the values
/// of a record is kept, piece by piece, in a tree; the next record that begins with the same pieces needs its pieces compared and its values taken, and no name
/// looked up. A record that leaves the known paths is scanned whole, and told of its faults there: this only ever says yes.
/// Parsing generated clicks of 738 B took 1,020, 1,051, 1,012 ns each without it, 767, 817, 772 ns with it, side by side.
/// <para>What a value is for follows from the pieces before it, because each value among them is a scalar, as it was in the record that they are of. A record
/// of which that is not true, with a product list that has too many lines or something else than products, is not learned.</para>
/// </summary>
internal sealed class RecordShapes
{
    // A generated stream has 20 shapes, of some 320 pieces with 4 kB of text.
    private const int PiecesMax = 4_096;
    private const int TextBytesMax = 65_536;
    private const int StepsMax = 1_024;
    private const int SiblingsMax = 64;

    private readonly Piece[] _pieces = new Piece[PiecesMax];
    private readonly byte[] _text = new byte[TextBytesMax + JsonScanner.PieceBytes];
    private readonly Step[] _steps = new Step[StepsMax];

    // The first piece is the root, which stands for nothing.
    private int _pieceCount = 1;
    private int _textLength;
    private int _stepCount;
    private bool _isNoted;

    // Who sends ever new names fills the tree again and again: each time half as many records are learned from.
    private int _unknown;
    private int _learnMask;

    /// <summary>Reads a record whose shape is known; its values are the scan's.</summary>
    /// <returns>False where it is not known, or does not hold: nothing is said about the record, and it is to be scanned from its beginning.</returns>
    public bool TryRead(ref JsonScanner json, RecordScan scan)
    {
        int at = _pieces[0].Child;
        while (at != 0)
        {
            ref readonly var piece = ref _pieces[at];
            if (!json.IsAt(_text, piece.Start, piece.Length, out var next) || !IsFor(piece.Target, next))
            {
                at = piece.Next;
                continue;
            }
            json.Pass(piece.Length);
            switch (piece.Target)
            {
                case Target.End:
                    return json.IsAtEnd;
                case Target.List:
                    if (!scan.TryOpenList(piece.Field, json.Position))
                    {
                        return false;
                    }
                    break;
                case Target.NewLine:
                    scan.OpenLine(json.Position);
                    break;
                // Two of three values; with cases of their own, and what they call inlined: 584, 620, 617 ns a click, 652, 681, 663 without.
                case Target.Nothing:
                    json.Skip();
                    break;
                case Target.Field:
                    scan.Set(piece.Field, json.Take());
                    break;
                default:
                    scan.Put(piece.Target, piece.Field, json.Take());
                    break;
            }
            // Behind a fault no piece fits any more.
            at = piece.Child;
        }
        return false;
    }

    /// <summary>A record is scanned whole: what it is made of is told next.</summary>
    public void Begin()
    {
        _stepCount = 0;
        _isNoted = (++_unknown & _learnMask) == 0;
    }

    /// <param name="from">Where the value begins, a string with its quote.</param>
    /// <param name="to">The byte behind it.</param>
    public void Note(Target target, Field field, int from, int to)
    {
        if (_stepCount == StepsMax)
        {
            _isNoted = false;
        }
        if (_isNoted)
        {
            _steps[_stepCount++] = new Step(target, field, from, to);
        }
    }

    /// <summary>This record's shape does not follow from its pieces.</summary>
    public void Forget() => _isNoted = false;

    /// <param name="record">What was scanned, without a fault.</param>
    public void Learn(ReadOnlySpan<byte> record)
    {
        Note(Target.End, Field.Unknown, record.Length, record.Length);
        if (!_isNoted)
        {
            return;
        }
        var (parent, from) = (0, 0);
        foreach (ref readonly var step in _steps.AsSpan(0, _stepCount))
        {
            parent = GetChild(parent, record[from..step.From], step.Target, step.Field);
            if (parent == 0)
            {
                StartAnew();
                return;
            }
            from = step.To;
        }
    }

    /// <returns>0 where there is no room.</returns>
    private int GetChild(int parent, ReadOnlySpan<byte> text, Target target, Field field)
    {
        ref var link = ref _pieces[parent].Child;
        for (var siblings = 0; link != 0; siblings++)
        {
            ref var other = ref _pieces[link];
            if (other.Target == target && other.Field == field && text.SequenceEqual(_text.AsSpan(other.Start, other.Length)))
            {
                return link;
            }
            if (siblings == SiblingsMax)
            {
                return 0;
            }
            link = ref other.Next;
        }
        if (_pieceCount == PiecesMax || text.Length > Math.Min(ushort.MaxValue, TextBytesMax - _textLength))
        {
            return 0;
        }
        text.CopyTo(_text.AsSpan(_textLength));
        _pieces[_pieceCount] = new Piece { Start = _textLength, Length = (ushort)text.Length, Target = target, Field = field };
        _textLength += text.Length;
        link = (ushort)_pieceCount;
        return _pieceCount++;
    }

    private void StartAnew()
    {
        (_pieceCount, _textLength) = (1, 0);
        _pieces[0] = default;
        _learnMask = Math.Min(_learnMask * 2 + 1, 1023);
    }

    private static bool IsFor(Target target, byte next) => next switch
    {
        (byte)'[' => target == Target.List,
        (byte)'{' => target == Target.NewLine,
        _ => target is not (Target.List or Target.NewLine),
    };

    private struct Piece
    {
        public int Start;
        public ushort Length;
        public Target Target;
        public Field Field;

        /// <summary>The first of those that were found behind this one's value, and the next one behind the same value; 0 for none.</summary>
        public ushort Child;
        public ushort Next;
    }

    private readonly record struct Step(Target Target, Field Field, int From, int To);
}
