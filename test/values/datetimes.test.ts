import { expect } from "chai";
import { py } from "../../src/values/py.ts";
import { PythonObject } from "../../src/values/python-object.ts";
import { type Case, judged, open, save } from "./through-node.ts";

interface Moments {
  when: Date;
  other?: unknown;
  list: Date[];
  a: Date;
  b: Date;
}

/** Milliseconds of an ISO text. */
const at = (text: string): Date => new Date(text);

const naive = "{'when': moment(2024, 2, 29, 12, 30, 45, 123456)}";
const india = "{'when': moment(2024, 2, 29, 12, 30, 45, 123456, zone=timezone(timedelta(hours=5, minutes=30)))}";
const paris = "{'when': moment(2024, 1, 15, 12, 0, 0, 7, zone=ZoneInfo('Europe/Paris'))}";
const pytzParis = "{'when': local('Europe/Paris', 2024, 1, 15, 12, 0, 0, 7)}";
const inParis = "zone=ZoneInfo('Europe/Paris')";

const cases: readonly Case<Moments>[] = [
  {
    name: "an untouched datetime keeps microseconds, zone and fold",
    python: `{'a': moment(2024, 10, 27, 2, 30, 0, 999, ${inParis}, fold=1), 'b': moment(1, 1, 1), 'c': moment(9999, 12, 31, 23, 59, 59, 999999)}`,
    change: () => {},
    same: "",
  },
  {
    name: "the same time set again is no change",
    python: naive,
    change: (s) => s.when.setTime(s.when.getTime()),
    same: "",
  },
  {
    name: "a structuredClone is the datetime that stood there",
    python: paris,
    change: (s) => {
      s.when = structuredClone(s.when);
    },
    same: "",
  },
  {
    name: "a naive datetime stays naive",
    python: naive,
    change: (s) => s.when.setUTCHours(13),
    same: "s['when'] = moment(2024, 2, 29, 13, 30, 45, 123000)",
  },
  {
    name: "a new Date over a naive datetime is naive",
    python: naive,
    change: (s) => {
      s.when = at("2025-01-02T03:04:05.006Z");
    },
    same: "s['when'] = moment(2025, 1, 2, 3, 4, 5, 6000)",
  },
  {
    name: "a timezone keeps its offset and name",
    python: "{'when': moment(2024, 2, 29, 12, zone=timezone(timedelta(hours=-1), 'X'))}",
    change: (s) => s.when.setTime(at("2024-07-01T00:30:00Z").getTime()),
    same: "s['when'] = moment(2024, 6, 30, 23, 30, zone=timezone(timedelta(hours=-1), 'X'))",
  },
  {
    name: "a timezone with a half hour",
    python: india,
    change: (s) => s.when.setTime(at("2024-07-01T00:00:00Z").getTime()),
    same: "s['when'] = moment(2024, 7, 1, 5, 30, zone=timezone(timedelta(hours=5, minutes=30)))",
  },
  {
    name: "a timezone with microseconds",
    python: "{'when': moment(2024, 1, 1, zone=timezone(timedelta(seconds=1, microseconds=5)))}",
    change: (s) => s.when.setTime(at("2024-07-01T00:00:00Z").getTime()),
    same: "s['when'] = moment(2024, 7, 1, 0, 0, 1, 5, zone=timezone(timedelta(seconds=1, microseconds=5)))",
  },
  {
    name: "a ZoneInfo has the offset of the new instant",
    python: paris,
    change: (s) => s.when.setTime(at("2024-07-15T10:00:00Z").getTime()),
    same: `s['when'] = moment(2024, 7, 15, 12, ${inParis})`,
  },
  {
    name: "a ZoneInfo, moved into the first pass of an hour that comes twice",
    python: paris,
    change: (s) => s.when.setTime(at("2024-10-27T00:30:00Z").getTime()),
    same: `s['when'] = moment(2024, 10, 27, 2, 30, ${inParis}, fold=0)`,
  },
  {
    name: "a ZoneInfo, moved into the second pass",
    python: paris,
    change: (s) => s.when.setTime(at("2024-10-27T01:30:00Z").getTime()),
    same: `s['when'] = moment(2024, 10, 27, 2, 30, ${inParis}, fold=1)`,
  },
  {
    name: "a ZoneInfo, moved over a gap",
    python: `{'when': moment(2024, 3, 31, 1, 30, ${inParis})}`,
    change: (s) => s.when.setUTCHours(s.when.getUTCHours() + 1),
    same: `s['when'] = moment(2024, 3, 31, 3, 30, ${inParis})`,
  },
  {
    name: "a copy of another time takes the zone of its place",
    python: paris,
    change: (s) => {
      s.when = at("2024-07-15T10:00:00Z");
    },
    same: `s['when'] = moment(2024, 7, 15, 12, ${inParis})`,
  },
  {
    name: "a moved Date keeps its own zone, also when it was changed",
    python: paris,
    change: (s) => {
      s.other = s.when;
      s.when.setTime(at("2024-07-15T10:00:00Z").getTime());
    },
    same: `s['when'] = s['other'] = moment(2024, 7, 15, 12, ${inParis})`,
  },
  {
    name: "pytz: summer time over winter time",
    python: pytzParis,
    change: (s) => s.when.setTime(at("2024-07-15T10:00:00Z").getTime()),
    same: "s['when'] = local('Europe/Paris', 2024, 7, 15, 12)",
  },
  {
    name: "pytz: within the same time its tzinfo stays",
    python: pytzParis,
    change: (s) => s.when.setTime(at("2024-02-15T10:00:00Z").getTime()),
    same: "s['when'] = local('Europe/Paris', 2024, 2, 15, 11)",
  },
  {
    name: "pytz: both passes of an hour that comes twice",
    python: "{'a': local('Europe/Paris', 2024, 1, 1), 'b': local('Europe/Paris', 2024, 7, 1)}",
    change: (s) => {
      s.a.setTime(at("2024-10-27T00:30:00Z").getTime());
      s.b.setTime(at("2024-10-27T01:30:00Z").getTime());
    },
    same: "s['a'] = local('Europe/Paris', 2024, 10, 27, 2, 30, is_dst=True); s['b'] = local('Europe/Paris', 2024, 10, 27, 2, 30, is_dst=False)",
  },
  {
    name: "pytz: winter time that is the daylight time of its zone",
    python: "{'when': local('Europe/Dublin', 2024, 7, 1)}",
    change: (s) => s.when.setTime(at("2024-12-01T00:00:00Z").getTime()),
    same: "s['when'] = local('Europe/Dublin', 2024, 12, 1)",
  },
  {
    name: "pytz: a zone used as tzinfo outright has local mean time, and its real offset when moved",
    python: "{'when': moment(2024, 1, 15, zone=pytz.timezone('Europe/Paris'))}",
    change: (s) => s.when.setTime(at("2024-01-15T00:00:00Z").getTime()),
    same: "s['when'] = local('Europe/Paris', 2024, 1, 15, 1)",
  },
  {
    name: "pytz: UTC, fixed offsets and zones that never change",
    python:
      "{'when': moment(2024, 1, 1, zone=pytz.utc), 'a': moment(2024, 1, 1, zone=pytz.FixedOffset(90)), 'b': local('Etc/GMT+5', 2024, 1, 1)}",
    change: (s) => {
      for (const date of [s.when, s.a, s.b]) date.setTime(at("2024-07-01T00:00:00Z").getTime());
    },
    same: "s.update(when=moment(2024, 7, 1, zone=pytz.utc), a=moment(2024, 7, 1, 1, 30, zone=pytz.FixedOffset(90)), b=local('Etc/GMT+5', 2024, 6, 30, 19))",
  },
  {
    name: "a new Date is aware UTC",
    python: "{}",
    change: (s) => {
      s.when = at("2025-01-02T03:04:05.006Z");
    },
    same: "s['when'] = moment(2025, 1, 2, 3, 4, 5, 6000, zone=timezone.utc)",
  },
  {
    name: "a pushed Date takes after naive siblings",
    python: "{'list': [moment(2024, 1, 1), moment(2024, 1, 2)]}",
    change: (s) => s.list.push(at("2025-01-02T00:00:00Z")),
    same: "s['list'].append(moment(2025, 1, 2))",
  },
  {
    name: "a pushed Date takes after siblings of one zone",
    python: `{'list': [moment(2024, 1, 1, ${inParis}), moment(2024, 1, 2, ${inParis})]}`,
    change: (s) => s.list.push(at("2025-07-02T00:00:00Z")),
    same: `s['list'].append(moment(2025, 7, 2, 2, ${inParis}))`,
  },
  {
    name: "a pushed Date among different zones is aware UTC",
    python: `{'list': [moment(2024, 1, 1), moment(2024, 1, 2, ${inParis})]}`,
    change: (s) => s.list.push(at("2025-07-02T00:00:00Z")),
    same: "s['list'].append(moment(2025, 7, 2, zone=timezone.utc))",
  },
  {
    name: "a Date over a datetime that only Python understands is aware UTC",
    python: "{'when': moment(2024, 1, 1, zone=Zone())}",
    change: (s) => {
      s.when = at("2025-07-02T00:00:00Z");
    },
    same: "s['when'] = moment(2025, 7, 2, zone=timezone.utc)",
  },
  {
    name: "a datetime that only Python understands is moved as it is",
    python: "{'when': moment(2024, 1, 1, 2, 3, 4, 5, zone=Zone())}",
    change: (s) => {
      s.other = [s.when];
    },
    same: "s['other'] = [s['when']]",
  },
  {
    name: "py.datetime says all of it",
    python: naive,
    change: (s) => {
      s.when = py.datetime({ year: 2024, month: 10, day: 27, hour: 2, fold: 1, tzinfo: "Europe/Paris" }) as never;
      s.other = [
        py.datetime({ year: 1, month: 1, day: 1, microsecond: 1 }),
        py.datetime({ year: 2024, month: 2, day: 29, tzinfo: "UTC" }),
        py.datetime({ year: 2024, month: 2, day: 29, tzinfo: { offsetSeconds: -5400 } }),
      ];
    },
    same: `s['when'] = moment(2024, 10, 27, 2, ${inParis}, fold=1); s['other'] = [moment(1, 1, 1, 0, 0, 0, 1), moment(2024, 2, 29, zone=timezone.utc), moment(2024, 2, 29, zone=timezone(timedelta(minutes=-90)))]`,
  },
];

judged("datetimes", cases);

describe("datetimes in a handler", () => {
  const instants: readonly (readonly [string, string])[] = [
    [naive, "2024-02-29T12:30:45.123Z"],
    [india, "2024-02-29T07:00:45.123Z"],
    [paris, "2024-01-15T11:00:00.000Z"],
    [pytzParis, "2024-01-15T11:00:00.000Z"],
    ["{'when': moment(1969, 12, 31, 23, 59, 59, 999999)}", "1969-12-31T23:59:59.999Z"],
    ["{'when': moment(2024, 1, 15, zone=pytz.timezone('Europe/Paris'))}", "2024-01-14T23:51:00.000Z"],
  ];
  for (const [expression, instant] of instants) {
    it(`${expression} is ${instant}`, async () => {
      const { live } = await open(expression);
      expect((live as Moments).when.toISOString()).to.equal(instant);
    });
  }

  it("one whose tzinfo only Python understands is a PythonObject", async () => {
    const { live } = await open("{'when': moment(2024, 1, 1, 2, 3, 4, 5, zone=Zone())}");
    const when = (live as { when: unknown }).when as PythonObject;
    expect(when).to.be.instanceOf(PythonObject);
    expect([when.module, when.name, when.args, when.kwargs["fold"]]).to.deep.equal([
      "datetime",
      "datetime",
      [2024, 1, 1, 2, 3, 4, 5],
      0,
    ]);
    expect(String(when.kwargs["tzinfo"])).to.equal("<value_sessions.Zone>");
  });

  it("one in a zone that Intl does not know is a PythonObject", async () => {
    const { live } = await open("{'when': moment(2024, 1, 1, zone=ZoneInfo('Factory'))}");
    expect((live as { when: unknown }).when).to.be.instanceOf(PythonObject);
  });

  for (const [time, reason] of [
    [Number.NaN, "it is an Invalid Date"],
    [Date.UTC(10_000, 0, 1), "its year is not one of 1 to 9999"],
    [8.64e15, "its year is not one of 1 to 9999"],
    [-8.64e15, "its year is not one of 1 to 9999"],
  ] as const) {
    it(`the time ${time} is refused`, async () => {
      const opened = await open(paris);
      (opened.live as Moments).when.setTime(time);
      expect(() => save(opened)).to.throw(`Cannot store session.when: ${reason}`);
    });
  }
});
