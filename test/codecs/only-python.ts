/**
 * Values of `test/python/msgspec_values.py` that msgspec writes and Node refuses, with the reason. No record of msgspec's
 * holds any of it: they come from pickles, which stay pickles.
 */
export const ONLY_PYTHON: Readonly<Record<string, string>> = {
  "OrderedDict([('b', 1), ('a', 2)])": "a class that Node does not know",
  "defaultdict(<class 'list'>, {'a': [1]})": "a class that Node does not know",
  "Point(x=1, y=2)": "a class that Node does not know",
  "<Colour.RED: 1>": "a class that Node does not know",
  "<Number.THREE: 3>": "a class that Node does not know",
  "Line(name='tea', price=4.0)": "a class that Node does not know",
  "MultiDict([('a', 1), ('a', 2)])": "a class that Node does not know",
  "{<Colour.RED: 1>: 1}": "a class that Node does not know",
  "datetime.time(12, 30, 45, 123456, tzinfo=zoneinfo.ZoneInfo(key='Europe/Paris'))":
    "without a day the zone has no offset",
};
