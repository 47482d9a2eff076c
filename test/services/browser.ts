/** A browser as far as sessions see one: it keeps cookies by name, for every port of the host, and follows nothing. */

/** What a server answered. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The Set-Cookie headers as they came. */
  readonly setCookie: readonly string[];
}

/** Beside the URL, what a request carries. */
export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** One visitor's browser. */
export class Browser {
  /** Values by name, as they stood in Set-Cookie. */
  readonly cookies: Map<string, string> = new Map<string, string>();

  get(url: string, options: RequestOptions = {}): Promise<Reply> {
    return this.request(url, options);
  }

  /** Posts a form. */
  post(url: string, form: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.request(url, { method: "POST", body: new URLSearchParams(form) });
  }

  postJson(url: string, value: unknown): Promise<Reply> {
    return this.request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    });
  }

  async request(url: string, { headers, ...options }: RequestOptions): Promise<Reply> {
    const cookie = this.cookieHeader;
    const response = await fetch(url, {
      ...options,
      redirect: "manual",
      headers: { ...headers, ...(cookie === undefined ? {} : { cookie }) },
    });
    const setCookie = response.headers.getSetCookie();
    for (const line of setCookie) this.#keep(line);
    return { status: response.status, text: await response.text(), headers: response.headers, setCookie };
  }

  /** What the next request sends; `undefined`: no header. */
  get cookieHeader(): string | undefined {
    if (this.cookies.size === 0) return undefined;
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const split = pair.indexOf("=");
    const name = pair.slice(0, split).trim();
    if (attributes.some(endsNow)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(split + 1).trim());
  }
}

function endsNow(attribute: string): boolean {
  const [name = "", value = ""] = attribute.trim().split("=");
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
}
