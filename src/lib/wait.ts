// a longer timer would overflow its 31 bits and fire at once
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Waits `ms` milliseconds (24 days at most), or less if the signal is aborted; returns whether the whole time passed.
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const abort = () => finish(false);
    const timer = setTimeout(() => finish(true), Math.min(ms, TIMER_MAX_MS));
    const finish = (isOver: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(isOver);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** The value of the promise, or `undefined` when it has not come within `ms` milliseconds. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const abort = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, abort.signal).then(() => undefined)]);
  } finally {
    abort.abort();
  }
}

/** Asks `condition` every `everyMs` milliseconds until it gives a value; undefined when `ms` have passed without. */
export async function poll<T>(
  ms: number,
  everyMs: number,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T | undefined> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() >= end) return undefined;
    await sleep(everyMs);
  }
}
