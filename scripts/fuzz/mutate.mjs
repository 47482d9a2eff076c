// Makes new inputs of old ones.

/** An input of more bytes is cut: the loop lives from many short ones. */
const MAX_BYTES = 4096;
/** Once in so many inputs a piece is repeated until the decoders' limits are near. */
const LARGE_ONE_IN = 4000;
const LARGE_BYTES = 160 * 1024;

/** Lengths and numbers at which decoders turn. */
const TURNS = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

/** Each gives the changed bytes. `others` are inputs to take pieces of, `words` bytes that mean something to the format. */
const MUTATIONS = [
  function flipBit(bytes, random) {
    if (bytes.length === 0) return bytes;
    const changed = Buffer.from(bytes);
    changed[random.below(bytes.length)] ^= 1 << random.below(8);
    return changed;
  },
  function setByte(bytes, random) {
    if (bytes.length === 0) return bytes;
    const changed = Buffer.from(bytes);
    changed[random.below(bytes.length)] = random.below(256);
    return changed;
  },
  function addToByte(bytes, random) {
    if (bytes.length === 0) return bytes;
    const changed = Buffer.from(bytes);
    changed[random.below(bytes.length)] += random.below(33) - 16;
    return changed;
  },
  function insertByte(bytes, random) {
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), Buffer.of(random.below(256)), bytes.subarray(at));
  },
  function setLength(bytes, random) {
    const width = random.pick([1, 2, 4, 8]);
    if (bytes.length < width) return bytes;
    const changed = Buffer.from(bytes);
    const at = random.below(bytes.length - width + 1);
    const left = bytes.length - at - width;
    const number = random.oneIn(2) ? Math.max(0, left + random.below(5) - 2) : random.pick(TURNS);
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(random.oneIn(8) ? 0xffffffffffffffffn : BigInt(number));
    const little = field.subarray(0, width);
    changed.set(random.oneIn(2) ? little : little.toReversed(), at);
    return changed;
  },
  function insertWord(bytes, random, { words }) {
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), random.pick(words), bytes.subarray(at));
  },
  function overwriteWithWord(bytes, random, { words }) {
    const at = random.below(bytes.length + 1);
    const word = random.pick(words);
    return joined(bytes.subarray(0, at), word, bytes.subarray(at + word.length));
  },
  function removeRange(bytes, random) {
    const [start, end] = range(bytes, random);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function repeatRange(bytes, random) {
    const [start, end] = range(bytes, random);
    const times = 1 + random.smallBelow(64);
    const piece = bytes.subarray(start, end);
    return joined(bytes.subarray(0, start), ...Array.from({ length: times }, () => piece), bytes.subarray(start));
  },
  function insertPiece(bytes, random, { others }) {
    const other = random.pick(others);
    const [start, end] = range(other, random);
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(at));
  },
  function splice(bytes, random, { others }) {
    const other = random.pick(others);
    return joined(bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1)));
  },
  function movePiece(bytes, random) {
    const [start, end] = range(bytes, random);
    const rest = joined(bytes.subarray(0, start), bytes.subarray(end));
    const at = random.below(rest.length + 1);
    return joined(rest.subarray(0, at), bytes.subarray(start, end), rest.subarray(at));
  },
];

/** What goes step by step through a comparison of bytes. */
const SMALL_MUTATIONS = MUTATIONS.slice(0, 4);

/** An input like `bytes`, but for one change, or up to eight. */
export function mutate(bytes, random, sources) {
  if (random.oneIn(3)) return random.pick(SMALL_MUTATIONS)(bytes, random, sources);
  let changed = bytes;
  const changes = 1 + random.smallBelow(8);
  for (let count = 0; count < changes; count++) changed = random.pick(MUTATIONS)(changed, random, sources);
  if (random.oneIn(LARGE_ONE_IN)) return enlarged(changed, random);
  return changed.length > MAX_BYTES ? changed.subarray(0, MAX_BYTES) : changed;
}

function enlarged(bytes, random) {
  const [start, end] = range(bytes, random);
  const piece = bytes.subarray(start, end);
  if (piece.length === 0) return bytes;
  const repeated = Buffer.alloc(1 + random.below(LARGE_BYTES), piece);
  return joined(bytes.subarray(0, start), repeated, bytes.subarray(end));
}

/** Start and end of a piece, short ones likelier. */
function range(bytes, random) {
  if (bytes.length === 0) return [0, 0];
  const length = 1 + random.smallBelow(bytes.length);
  const start = random.below(bytes.length - length + 1);
  return [start, start + length];
}

function joined(...pieces) {
  return Buffer.concat(pieces);
}
