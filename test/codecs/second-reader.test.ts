/** All MessagePack of the fixtures as `msgpackr` reads it; where it reads something else, that stands here with its reason. */
import { isDeepStrictEqual } from "node:util";
import { compareReaders } from "./compare-readers.ts";
import { shapeOfDecoded, shapeOfUnpacked } from "./second-reader.ts";

compareReaders("codecs/msgpack: a second reader", {
  format: "msgpack",
  isAlike: (record) => isDeepStrictEqual(shapeOfUnpacked(record), shapeOfDecoded(record)),
  differences: [
    {
      reason: "its Date has milliseconds",
      where: /bytes$/,
      names: [
        "datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)",
        "datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone.utc)",
        "c70cff000003e7ffffffffffffffff",
        "c70cff3b9ac9ff0000000000000005",
        "d7ffee6b27fc00000000",
      ],
    },
    {
      reason: "it lets a timestamp be anything",
      names: [
        "c70cff3b9aca000000000000000005",
        "d7ffee6b280000000000",
        "d7ffffffffff00000000",
        "c70cff00000000fffffff1886e08ff",
        "c70cff3b9ac9ff0000003afff4417f",
        "c70cff000000000000003afff44180",
        "c70cff000000007fffffffffffffff",
        "c70cff000000008000000000000000",
        "d4ff00",
        "d5ff0000",
        "c700ff",
        "d8ff00000000000000000000000000000000",
      ],
    },
    {
      reason: "it gives an Error object for 0xc1",
      names: ["c1"],
    },
    {
      reason: "it replaces invalid UTF-8",
      names: ["a1ff", "d901ff", "a2c080", "a2c328", "a3eda080", "a4f4908080"],
    },
    {
      reason: "a Map of JavaScript compares keys in another way than a dict",
      where: /bytes$/,
      names: [
        "{-0.0: 1}",
        "82cf00200000000000000acb43400000000000000b",
        "8301a161c3a162cb3ff0000000000000a163",
        "84c2010002cb8000000000000000030104",
        "82cb7ff800000000000001cb7ff800000000000002",
        "82c4016101c4016102",
        "82d6ff0000000001c70cff00000000000000000000000002",
        "82910101910102",
        "8291c30191cb3ff000000000000002",
        "8292019102019201910202",
      ],
    },
    {
      reason: "a Map takes maps as keys",
      names: ["82c401610182a16101a1610203", "8180c0", "819180c0"],
    },
    {
      reason: "it refuses an extension that nobody registered",
      names: [
        "an extension in msgpack",
        "d40500",
        "d5050001",
        "d60500010203",
        "d7050001020304050607",
        "d80500010203040506070809101112131415",
        "c70005",
        "c70080",
        "c70305aabbcc",
        "c8000305aabbcc",
        "c90000000305aabbcc",
      ],
    },
  ],
});
