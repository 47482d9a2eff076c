/** Limits of the walkers of values. */

/**
 * Number keys that a Map or a Set may hold. V8 hashes numbers without a seed, so 30,000 chosen ints cost seconds. A
 * larger dict or set of Python's is seen as a PythonObject.
 */
export const MAX_NUMBER_KEYS = 4096;

/**
 * Levels that view and patch go down, whatever the decoder's limit: CPython itself pickles at most about 750, and the
 * stack of Node holds more than 1,100 of ours.
 */
export const MAX_WALK_DEPTH = 800;

/** Levels of tuples and frozensets within a dict key or set member: walking down these costs twice the stack. */
export const MAX_KEY_DEPTH = 50;
