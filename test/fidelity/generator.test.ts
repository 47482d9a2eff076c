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
  ..."UTC _FixedOffset Europe/Paris America/New_York".split(" "), // of pytz
];

/** Types that are a key of a dict; `generic` is any scalar of numpy's. */
const KEYS: readonly string[] = [
  ..."NoneType bool int float str bytes tuple frozenset datetime date time timedelta Decimal UUID Markup".split(" "),
  ..."Color Level Pair Frozen MyTuple MyStr Lazy Plain generic type".split(" "),
  ..."complex range Fraction timezone PurePosixPath builtin_function_or_method Permission Mode".split(" "),
  ..."MyInt MyBytes MyFrozenset NewArgs State OwnState Keep Slots Setter CopySet CopyMap Failure Zone".split(" "),
];

/** What values there are within the types. */
const VALUES: readonly string[] = [
  ...Array.from({ length: 17 }, (_, plane) => `plane ${plane}`),
  ..."NUL,lone surrogate".split(","),
  ..."the first years,the last years,datetime fold 0,datetime fold 1,time fold 0,time fold 1".split(","),
  ..."Decimal NaN,Decimal sNaN,Decimal Infinity,Decimal with an exponent,minus zero,nan,a float that is whole".split(
    ",",
  ),
  ..."beyond 64 bits,a cycle,a shared container,empty,a naive datetime".split(","),
];

const FOUND = `
import datetime
import decimal
import numpy
from sessions.generator import session

types, keys, values, longest = set(), set(), set(), 0

def look(value):
    """What is odd about a value that holds no others."""
    if isinstance(value, str):
        values.update('plane %d' % (ord(character) >> 16) for character in value)
        values.update(['NUL'] if '\\0' in value else [])
        values.update(['lone surrogate'] if any('\\ud800' <= character < '\\ue000' for character in value) else [])
    elif isinstance(value, decimal.Decimal):
        odd = {'sNaN': value.is_snan(), 'NaN': value.is_qnan(), 'Infinity': value.is_infinite()}
        odd['with an exponent'] = value.is_finite() and value.as_tuple().exponent > 0
        values.update('Decimal ' + name for name, is_so in odd.items() if is_so)
    elif isinstance(value, float):
        odd = {'minus zero': str(value) == '-0.0', 'nan': value != value, 'a float that is whole': value.is_integer()}
        values.update(name for name, is_so in odd.items() if is_so)
    elif isinstance(value, int):
        values.update(['beyond 64 bits'] if abs(value) >= 2 ** 64 else [])
    elif isinstance(value, (datetime.datetime, datetime.time)):
        values.add('%s fold %d' % (type(value).__name__, value.fold))
    if isinstance(value, datetime.datetime):
        values.update(['the first years'] if value.year < 50 else ['the last years'] if value.year > 9950 else [])
        values.update([] if value.tzinfo else ['a naive datetime'])

def parts(value):
    found = []
    if isinstance(value, dict):
        keys.update('generic' if isinstance(key, numpy.generic) else type(key).__name__ for key in value)
        found += [part for pair in dict.items(value) for part in pair]
    elif isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ in ('deque', 'MyDeque'):
        found += list(value)
    for name in getattr(type(value), '__slots__', ()):
        found.append(getattr(value, name, None))
    if isinstance(value, (datetime.datetime, datetime.time)):
        found.append(value.tzinfo)
    return found + (list(vars(value).values()) if hasattr(value, '__dict__') and not isinstance(value, type) else [])

for index in range(input):
    waiting = [(session('types', index, 'pickle'), ())]
    met = {}
    while waiting:
        value, above = waiting.pop()
        if id(value) in met:
            if isinstance(value, (list, dict, set)):
                values.add('a cycle' if id(value) in above else 'a shared container')
            continue
        met[id(value)] = value
        look(value)
        types.add(type(value).__name__)
        inner = parts(value)
        longest = max(longest, len(inner))
        values.update(['empty'] if isinstance(value, (list, dict, set, tuple)) and not inner else [])
        path = above + (id(value),)
        waiting += [(part, path) for part in inner]
result = {'types': sorted(types), 'keys': sorted(keys), 'values': sorted(values), 'longest': longest}
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

  it("hold every type, as values and as keys, odd values of them, and containers of thousands", async () => {
    const judge = await judgeOf("fidelity");
    const found = (await judge.run(FOUND, 1500)) as Record<"types" | "keys" | "values", string[]> & { longest: number };
    expect(TYPES.filter((name) => !found.types.includes(name))).to.deep.equal([]);
    expect(KEYS.filter((name) => !found.keys.includes(name))).to.deep.equal([]);
    expect(VALUES.filter((name) => !found.values.includes(name))).to.deep.equal([]);
    expect(found.longest).to.be.greaterThan(5000);
  });

  it("are the same for the same seed and number, and the same whenever they are loaded", async () => {
    expect(await (await judgeOf("fidelity")).run(TWICE, 150)).to.deep.equal([]);
  });
});
