// a longer timer would overflow its 31 bits and fire at once
const TIMER_MAX_MS = 2 ** 31 - 1;
/** How long work may have the event loop to itself. */
const SHARE_MS = 10;

/** Waits `ms` milliseconds, or less if the signal is aborted; returns whether the whole time passed. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  let rest = ms;
  for (; rest > TIMER_MAX_MS; rest -= TIMER_MAX_MS) if (!(await nap(TIMER_MAX_MS, signal))) return false;
  return await nap(rest, signal);
}

function nap(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const abort = () => finish(false);
    const timer = setTimeout(() => finish(true), ms);
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

/**
 * Resolves when `over` does, or when nothing has happened for `quietMs` milliseconds, from now on and since `lastAt()`
 * (ms of performance.now()).
 */
export async function untilQuiet(quietMs: number, lastAt: () => number, over: Promise<unknown>): Promise<void> {
  const since = performance.now();
  const isOver = over.then(() => true);
  const left = () => Math.max(lastAt(), since) + quietMs - performance.now();
  while (left() > 0) if (await within(left(), isOver)) return;
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

/** What the event loop has waiting is done, and then this resolves. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Gives what else waits its turn in the midst of long work. */
export class FairShare {
  private since = performance.now();

  /** Whether this work has had the event loop for so long that it is others' turn: then give() is to be awaited. */
  get isUsedUp(): boolean {
    return performance.now() - this.since >= SHARE_MS;
  }

  /** Lets others have their turn. */
  async give(): Promise<void> {
    await othersTurn();
    this.since = performance.now();
  }
}
