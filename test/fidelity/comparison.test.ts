/** The comparison by which Python judges: it must see every loss. */
import { expect } from "chai";
import { judgeOf } from "../python/judge.ts";

/** Two values that are not the same to us, the second of which Python's own == mostly calls equal. */
const losses: readonly (readonly [name: string, value: string, lost: string])[] = [
  [
    "another zone",
    "datetime(2024, 7, 1, tzinfo=ZoneInfo('Europe/Paris'))",
    "datetime(2024, 7, 1, tzinfo=ZoneInfo('Europe/Berlin'))",
  ],
  [
    "a zone for its offset",
    "datetime(2024, 7, 1, tzinfo=ZoneInfo('Europe/Paris'))",
    "datetime(2024, 7, 1, tzinfo=timezone(timedelta(hours=2)))",
  ],
  [
    "the same instant in UTC",
    "datetime(2024, 7, 1, 2, tzinfo=timezone(timedelta(hours=2)))",
    "datetime(2024, 7, 1, tzinfo=timezone.utc)",
  ],
  ["the name of a zone", "timezone(timedelta(hours=2), 'X')", "timezone(timedelta(hours=2))"],
  ["aware to naive", "datetime(2024, 7, 1, tzinfo=timezone.utc)", "datetime(2024, 7, 1)"],
  ["microseconds", "datetime(2024, 7, 1, 0, 0, 0, 1)", "datetime(2024, 7, 1)"],
  ["fold", "datetime(2024, 10, 27, 2, 30, fold=1)", "datetime(2024, 10, 27, 2, 30)"],
  ["fold of a time", "time(2, 30, fold=1)", "time(2, 30)"],
  ["datetime to date", "datetime(2024, 7, 1)", "date(2024, 7, 1)"],
  ["minus zero", "-0.0", "0.0"],
  ["float to int", "10.0", "10"],
  ["bool to int", "True", "1"],
  ["a nearby float", "0.1 + 0.2", "0.3"],
  ["a float beyond 2^53", "2**53 + 1", "2**53"],
  ["digits of a Decimal", "Decimal('1.10')", "Decimal('1.1')"],
  ["a signaling NaN", "Decimal('sNaN')", "Decimal('NaN')"],
  ["Decimal to float", "Decimal('1.5')", "1.5"],
  ["maxlen", "collections.deque([1], 3)", "collections.deque([1])"],
  ["the factory", "collections.defaultdict(list, a=[1])", "collections.defaultdict(None, a=[1])"],
  ["defaultdict to dict", "collections.defaultdict(list, a=[1])", "{'a': [1]}"],
  ["OrderedDict to dict", "collections.OrderedDict(a=1)", "{'a': 1}"],
  ["Counter to dict", "collections.Counter('a')", "{'a': 1}"],
  ["a member's type", "{1}", "{True}"],
  ["a member's type in a frozenset", "frozenset([(1, 2)])", "frozenset([(1.0, 2)])"],
  ["a key's type", "{1: 'a'}", "{1.0: 'a'}"],
  ["int key to str key", "{1: 'a'}", "{'1': 'a'}"],
  ["the order of keys", "{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"],
  ["the order of an OrderedDict", "collections.OrderedDict(a=1, b=2)", "collections.OrderedDict(b=2, a=1)"],
  ["a member", "{'a', 'b'}", "{'a'}"],
  ["set to frozenset", "{1}", "frozenset([1])"],
  ["tuple to list", "(1, [2])", "[1, [2]]"],
  ["namedtuple to tuple", "u.Pair(1, 2)", "(1, 2)"],
  ["attributes of a tuple subclass", "attributed(u.MyTuple([1]), a=1)", "u.MyTuple([1])"],
  ["bytes to str", "b'a'", "'a'"],
  ["bytearray to bytes", "bytearray(b'a')", "b'a'"],
  ["Markup to str", "Markup('<b>')", "'<b>'"],
  ["a str subclass to str", "u.MyStr('a')", "'a'"],
  ["IntEnum to int", "u.Level.HIGH", "10"],
  ["a str Enum to str", "u.Named.A", "'a'"],
  ["a flag", "u.Permission.READ | u.Permission.WRITE", "u.Permission.READ"],
  ["UUID to str", "uuid.UUID(int=1)", "str(uuid.UUID(int=1))"],
  ["a lazy text to its text", "u.Lazy(u.translated, 'a')", "'a'"],
  ["a lazy text's variables", "u.Lazy(u.translated, 'a', b=1)", "u.Lazy(u.translated, 'a', b=2)"],
  ["a lone surrogate", "'\\ud800'", "'?'"],
  ["a pair of surrogates to its character", "'\\ud83d\\ude00'", "'\\U0001f600'"],
  ["NUL at the end", "'a\\0'", "'a'"],
  ["lost sharing", "(lambda l: [l, l])([])", "[[], []]"],
  ["new sharing", "[[], []]", "(lambda l: [l, l])([])"],
  ["lost sharing of tuples", "(lambda t: [t, t])((1,))", "[(1,), tuple([1])]"],
  ["lost sharing within objects", "(lambda l: [u.Keep(l), l])([])", "[u.Keep([]), []]"],
  ["a cycle cut open", "cycle()", "['round', ['round']]"],
  ["a longer cycle", "cycle()", "(lambda c: ['round', c])(cycle())"],
  ["an attribute", "u.Data(1)", "u.Data(2)"],
  ["a type in an attribute", "u.Data(1)", "u.Data(True)"],
  ["an attribute in a slot", "u.Slotted(1)", "u.Slotted(1.0)"],
  ["an exception's argument", "ValueError('a', 1)", "ValueError('a')"],
  ["an exception's note", "noted(ValueError('a'))", "ValueError('a')"],
  ["a class for another", "u.Plain", "u.Slots"],
  ["a numpy scalar to float", "numpy.float64(1.5)", "1.5"],
  ["a numpy scalar's width", "numpy.float64(1.5)", "numpy.float32(1.5)"],
  ["the type of an array", "numpy.array([1, 2], 'i4')", "numpy.array([1, 2], 'i8')"],
  ["the shape of an array", "numpy.zeros((2, 1))", "numpy.zeros((1, 2))"],
  ["the bytes of an array", "numpy.array([0.0])", "numpy.array([-0.0])"],
  ["array to list", "numpy.array([1, 2])", "[1, 2]"],
];

const PROGRAM = `
import collections, pickle, uuid
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy
import unknown_classes as u
from markupsafe import Markup
from canonical import canonical

def attributed(made, **attributes):
    made.__dict__.update(attributes)
    return made

def cycle():
    made = ['round']
    made.append(made)
    return made

def noted(error):
    error.add_note('b')
    return error

def form(expression):
    """In a session, among other values, after a pickle has carried it."""
    return canonical(pickle.loads(pickle.dumps({'a': 1, 'b': [eval(expression)]}, 5)))

result = [[form(value) == form(value), form(value) != form(lost)] for value, lost in input]
`;

describe("the comparison", () => {
  let answers: readonly (readonly [isEqualToItself: boolean, isSeen: boolean])[] = [];
  before(async () => {
    const judge = await judgeOf("fidelity");
    const pairs = losses.map(([, value, lost]) => [value, lost]);
    answers = (await judge.run(PROGRAM, pairs)) as typeof answers;
  });

  for (const [index, [name]] of losses.entries()) {
    it(`sees ${name}`, () => {
      expect(answers[index]).to.deep.equal([true, true]);
    });
  }
});
