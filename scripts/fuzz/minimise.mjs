// Makes a failing input as short as it can be and still fail in the same way.

/** What a byte is turned into where it does not matter. */
const PLAIN = 0x30;

/**
 * Removes pieces, large ones first, then single bytes; what cannot go becomes plain if it can.
 * @param fails whether an input still fails; asked at most `most` times
 */
export async function minimise(input, fails, most) {
  let best = Buffer.from(input);
  let asked = 0;
  for (const candidate of candidates(() => best)) {
    if (asked++ === most) break;
    if (await fails(candidate)) best = candidate;
  }
  return best;
}

/** Each is a change of what is best by then. */
function* candidates(best) {
  for (let size = Math.ceil(best().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best().length; ) {
      const bytes = best();
      yield Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + size)]);
      if (best() === bytes) start += size;
    }
  }
  for (let index = 0; index < best().length; index++) {
    if (best()[index] !== PLAIN) yield Buffer.from(best().with(index, PLAIN));
  }
}
