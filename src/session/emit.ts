/** Tells a listener what happens, and keeps its failures away from requests. */
import type { SessionEvent } from "./events.ts";

/** Tells of an event; never throws. */
export type Emit = (event: SessionEvent) => void;

/** Swallows what a listener throws, and what an async one rejects with. */
export function quietly(listener: (event: SessionEvent) => unknown): Emit {
  return (event) => {
    try {
      const result = listener(event);
      if (result !== undefined) Promise.resolve(result).catch(() => {});
    } catch {
      // A log that fails must not fail a request.
    }
  };
}
