// Makes a failing input as short as it can be and still fail in the same way.

/** What a byte is turned into where it does not matter. */
const PLAIN = 0x30;

/**
 * Removes pieces, large ones first, then single bytes; what cannot go becomes plain if it can.
 * @param fails whether an input still fails; asked at most `most` times
 */
export async function minimise(input, fails, most) {
  let best = Buffer.from(input);
  let left = most;
  /** @returns whether the candidate is the best now */
  const offer = async (candidate) => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.length; ) {
      const isShorter = await offer(Buffer.concat([best.subarray(0, start), best.subarray(start + size)]));
      if (!isShorter) start += size;
    }
  }
  for (let index = 0; index < best.length; index++) {
    if (best[index] !== PLAIN) await offer(best.with(index, PLAIN));
  }
  return best;
}
