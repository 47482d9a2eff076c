/** Where a request to Flask goes: never anywhere but to the one origin. */

/** Schemes that Flask is served over. */
const SCHEME = /^https?:$/;

/** What URL parsers cut out of a path unseen, so that `/<tab>/evil` becomes `//evil`; and what no header may hold. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The origin that all requests go to.
 * @throws TypeError for what is no `http:` or `https:` address, or has a path, a query or credentials
 */
export function originOf(to: string | URL): URL {
  const url = URL.canParse(String(to)) ? new URL(to) : undefined;
  if (url === undefined || !SCHEME.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new TypeError("Cannot forward: `to` must be an origin such as http://127.0.0.1:5000");
  }
  return url;
}

/**
 * The address of a path at the origin. A path that a visitor had a hand in may try to be an address of its own.
 * @throws TypeError for a path that does not begin with one slash, or leads elsewhere
 */
export function targetOf(path: string, origin: URL): URL {
  const isPath = typeof path === "string" && /^\/(?![/\\])/.test(path) && !CONTROL.test(path);
  if (!isPath || new URL(path, origin).origin !== origin.origin) {
    throw new TypeError(
      "Cannot forward: the path must begin with one slash, hold no control characters, and stay at Flask",
    );
  }
  return new URL(path, origin);
}
