/** All JSON of the fixtures as `JSON.parse` reads it; where it reads something else, that stands here with its reason. */
import { isDeepStrictEqual } from "node:util";
import { compareReaders } from "./compare-readers.ts";
import { shapeOfDecodedJson, shapeOfParsedJson } from "./json-second-reader.ts";

compareReaders("codecs/json: a second reader", {
  format: "json",
  isAlike: (record) => isDeepStrictEqual(shapeOfParsedJson(record), shapeOfDecodedJson(record)),
  differences: [
    {
      reason: "it takes an int of more digits than Python reads",
      names: [
        `1${"0".repeat(59)}… (4301 bytes)`,
        `-1${"0".repeat(58)}… (4301 bytes)`,
        `-1${"0".repeat(58)}… (4302 bytes)`,
        `${"1".repeat(60)}… (4303 bytes)`,
      ],
    },
    { reason: "it takes a sign before 4300 digits", names: ["an int of 14285 bits"], where: /encode\.212\.bytes$/ },
    { reason: "its -0 is a float", names: ["-0"] },
    {
      reason: "a number beyond a float is infinite to it",
      names: ["1e400", "-1e400", "1e99999999999999999999", "1.7976931348623159e308"],
    },
    {
      reason: "it takes half a surrogate pair",
      names: [
        String.raw`"\ud800"`,
        String.raw`"\udc00\ud800"`,
        String.raw`"\ud83d\u0041"`,
        String.raw`"\ud83d😀"`,
        String.raw`"\ud83d\ud83d\ude00"`,
        String.raw`{"\ud800":1}`,
      ],
    },
  ],
});
