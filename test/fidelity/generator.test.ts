/** The random sessions: what is in them, and that they are the same every time. */
import { expect } from "chai";
import { judgeOf } from "../python/judge.ts";

/** Types that a session may hold. */
const TYPES: readonly string[] = [
  ..."NoneType bool int float str bytes bytearray list tuple dict set frozenset type function method".split(" "),
  ..."datetime date time timedelta timezone ZoneInfo Decimal UUID Fraction complex range PurePosixPath".split(" "),
  ..."OrderedDict defaultdict Counter deque MultiDict ImmutableMultiDict Markup".split(" "),
  ..."ndarray float64 float32 int64 bool str_ datetime64 timedelta64".split(" "),
  ..."ValueError KeyError OSError StopIteration UnicodeDecodeError Failure".split(" "),
  ..."Color Level Permission Mode Named Data Frozen Slotted FrozenSlots Pair Row Typed Lazy Zone".split(" "),
  ..."Plain Slots SlotsAndDict State OwnState Keep Copy CopyDict CopySet CopyMap Made Singleton".split(" "),
  ..."MyStr MyInt MyBytes MyBytearray MyList MyDict MyTuple MySet MyFrozenset MyDeque MyDefaultDict".split(" "),
  ..."Items Pairs Setter SetterAll NewArgs NewArgsEx".split(" "),
];

/** Types that are a key of a dict; `generic` is any scalar of numpy's. */
const KEYS: readonly string[] = [
  ..."NoneType bool int float str bytes tuple frozenset datetime date time timedelta Decimal UUID Markup".split(" "),
  ..."Color Level Pair Frozen MyTuple MyStr Lazy Plain generic type".split(" "),
];

const FOUND = `
import datetime
import numpy
from sessions.generator import session

types, keys, longest = set(), set(), 0
met = {}

def parts(value):
    found = []
    if isinstance(value, dict):
        keys.update('generic' if isinstance(key, numpy.generic) else type(key).__name__ for key in value)
        found += [part for pair in dict.items(value) for part in pair]
    elif isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ in ('deque', 'MyDeque'):
        found += list(value)
    for name in getattr(type(value), '__slots__', ()):
        found.append(getattr(value, name, None))
    if isinstance(value, datetime.datetime):
        found.append(value.tzinfo)
    return found + (list(vars(value).values()) if hasattr(value, '__dict__') and not isinstance(value, type) else [])

for index in range(input):
    waiting = [session('types', index, 'pickle')]
    met = {}
    while waiting:
        value = waiting.pop()
        if id(value) in met:
            continue
        met[id(value)] = value
        types.add(type(value).__name__)
        inner = parts(value)
        longest = max(longest, len(inner))
        waiting += inner
result = {'types': sorted(types), 'keys': sorted(keys), 'longest': longest}
`;

const TWICE = `
from canonical import canonical
from sessions.formats import format_of
from sessions.generator import session

def forms(carrier, index):
    yield canonical(session('twice', index, carrier))
    yield canonical(session('twice', index, carrier))

def loaded(index):
    format = format_of('pickle 4 C')
    try:
        data = format.dumps(session('twice', index, 'pickle'))
        return canonical(format.loads(data)) == canonical(format.loads(data))
    except RecursionError:
        return True

result = [index for index in range(input) if not loaded(index)]
for carrier in ['pickle', 'msgpack', 'json']:
    result += [[carrier, index] for index in range(input) if len({repr(form) for form in forms(carrier, index)}) > 1]
`;

describe("random sessions", function () {
  this.timeout(60_000);

  it("hold every type, as values and as keys, and containers of thousands", async () => {
    const judge = await judgeOf("fidelity");
    const found = (await judge.run(FOUND, 1500)) as { types: string[]; keys: string[]; longest: number };
    expect(TYPES.filter((name) => !found.types.includes(name))).to.deep.equal([]);
    expect(KEYS.filter((name) => !found.keys.includes(name))).to.deep.equal([]);
    expect(found.longest).to.be.greaterThan(5000);
  });

  it("are the same for the same seed and number, and the same whenever they are loaded", async () => {
    expect(await (await judgeOf("fidelity")).run(TWICE, 150)).to.deep.equal([]);
  });
});
