import { isPlace } from "../tmux/place-words.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { WaitOptions } from "./completion.ts";
import type { Ended } from "./ended.ts";
import { locate } from "./place.ts";
import { waitForPane } from "./wait.ts";

/**
 * Waits until what runs in any of several panes has ended: at once if nothing does in one of them. Whatever is the first to be
 * over counts, be it that a pane goes away. Throws as waitForPane().
 * @param options.panes further panes: of the same session, or by words that name one of any session (`%5`, `dev:1.2`)
 */
export async function waitForAny(
  server: TmuxServer,
  { panes, signal, ...options }: WaitOptions & { panes: readonly string[] },
  waitFor: typeof waitForPane = waitForPane,
): Promise<Ended> {
  const { session, pane } = options;
  const places = [{ session, pane }, ...panes.map((word) => placeOf(server, session, word))];
  const abort = new AbortController();
  const stop = () => abort.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  const waits = places.map((place) => waitFor(server, { ...options, ...place }, (wait) => wait(abort.signal)));
  try {
    return await Promise.race(waits);
  } finally {
    signal?.removeEventListener("abort", stop);
    abort.abort();
    // each lets its pane go
    await Promise.allSettled(waits);
  }
}

function placeOf(server: TmuxServer, session: string, word: string): { session: string; pane: string } {
  if (!isPlace(word)) return { session, pane: word };
  const { session: other, pane } = locate(server, { session: word, pane: word });
  return { session: other, pane: pane ?? word };
}
