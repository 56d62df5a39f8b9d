import { poll, sleep } from "../../lib/wait.ts";
import { randomFrom } from "../random.ts";
import { Pane, STYLES } from "./pane.ts";

const HEARD_MS = 10_000;

/** What was done, and what is wrong after it; nothing if all is well. */
export interface Played {
  steps: string[];
  wrong: string[];
}

/** Which lines a subscription must fire for, each once. */
interface Expected {
  id: number;
  /** the first of them */
  from: number;
}

/**
 * Plays one random series of what happens to a pane, the same for the same seed: it writes lines, shows full-screen
 * programs, is resized, cleared, respawned; the daemon is killed and loses its clients. Each line must fire once. Those
 * that were erased while nobody listened may be missing.
 */
export async function play(seed: number): Promise<Played> {
  const random = randomFrom(seed);
  const upTo = (max: number) => Math.floor(random() * max);
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length)] as T;
  const steps: string[] = [];
  await using pane = new Pane();
  const expected: Expected[] = [];
  /** numbers that nobody may have seen */
  const lost = new Set<number>();
  /** numbers that were written while nobody listened */
  const unheard = new Set<number>();
  /** numbers that may fire again: of all that had been written, no line but this one was left, which may as well be a new one */
  const ambiguous = new Set<number>();
  let last = 0;
  /** the last one before the daemon was killed */
  let before = 0;
  /** the newest number that is known to have been heard */
  let heard = 0;
  let isUp = false;
  let isDetached = false;
  let isCleared = false;
  let floods = 0;
  let full: string | undefined;

  const missing = async () => {
    const all: { id: number; n: number }[] = [];
    for (const { id, from } of expected) {
      const fired = new Set(await pane.fired(id));
      for (let n = from; n <= last; n++) if (!fired.has(n) && !lost.has(n)) all.push({ id, n });
    }
    return all;
  };
  /** Waits for an event for each line; returns what is wrong if one does not come. */
  const untilHeard = async () => {
    const isHeard = (await poll(HEARD_MS, 50, async () => (await missing()).length === 0)) === true;
    if (!isHeard) {
      // a shell may write over what a full-screen program left on the screen; while one hides it, there is no telling
      await quit();
      const shown = await pane.screen();
      for (const n of unheard) if (!shown.includes(`EVENT ${n} ok`)) lost.add(n);
      const left = await missing();
      if (left.length > 0) return `no event for ${left.map(({ id, n }) => `${id}: ${n}`).join(", ")}`;
    }
    heard = last;
    isDetached = false;
    return undefined;
  };
  const quit = async () => {
    if (full === undefined) return;
    // keys that come before it reads any are lost
    const keys = full === "vim" ? ["Escape", ":q!", "Enter"] : ["q"];
    for (let hasEnded = false; !hasEnded; ) {
      await pane.tmux(["send-keys", "-t", "=dev:", ...keys]);
      hasEnded = await pane.becomes("#{alternate_on}", (value) => value === "0", 1000);
    }
    full = undefined;
  };
  /** What is on the screen goes: it is found in no history by who has not heard it. */
  const erasing = () => {
    for (let n = heard + 1; n <= last; n++) lost.add(n);
  };
  const start = async () => {
    if (!isUp && isCleared) {
      const first = Number(/EVENT (\d+) ok/.exec(await pane.screen())?.[1]);
      if (first === before) ambiguous.add(first);
    }
    await pane.run(["daemon", "start"]);
    isUp = true;
  };
  const doing: [number, string, () => Promise<void>][] = [
    [
      10,
      "say",
      async () => {
        await quit();
        const picked = pick(STYLES);
        const first = last + 1;
        const to = last + 1 + upTo(6);
        // where a full-screen program left the last row out of what scrolls, the rows of a line are written over each other
        const isNarrow = (picked === "long" || picked === "wide") && !(await pane.scrollsAsAWhole());
        const style = isNarrow ? "plain" : picked;
        steps.push(`say ${first} to ${to}, ${style}`);
        await pane.say(first, to, style);
        last = to;
        for (let n = first; n <= to && (!isUp || isDetached); n++) unheard.add(n);
      },
    ],
    [
      4,
      "full",
      async () => {
        await quit();
        full = pick(["less", "vim"]);
        steps.push(full);
        await pane.type(full === "vim" ? "vim -u NONE -i NONE -n ~/text" : "less ~/text");
        await pane.becomes("#{alternate_on}", (value) => value === "1");
      },
    ],
    [
      2,
      "quit",
      async () => {
        steps.push(`quit ${full ?? "nothing"}`);
        await quit();
      },
    ],
    [
      4,
      "resize",
      async () => {
        const size = [40 + upTo(120), 6 + upTo(40)].map(String) as [string, string];
        steps.push(`resize ${size.join("x")}`);
        await pane.tmux(["resize-window", "-t", "=dev:", "-x", size[0], "-y", size[1]]);
      },
    ],
    [
      2,
      "clear",
      async () => {
        await quit();
        erasing();
        const how = pick(["clear", "printf '\\033c'", "printf '\\033[H\\033[2J'", "printf '\\033[H\\033[J'"]);
        isCleared ||= how === "clear"; // which has tmux drop the history, too
        steps.push(how);
        await pane.type(`${how}; echo cleared >>~/said`);
        await poll(
          5000,
          5,
          async () => (await pane.tmux(["display-message", "-p", "-t", "=dev:", "#{cursor_y}"])) !== "",
        );
      },
    ],
    [
      1,
      "clear-history",
      async () => {
        erasing();
        isCleared = true;
        steps.push("clear-history");
        await pane.tmux(["clear-history", "-t", "=dev:"]);
      },
    ],
    [
      2,
      "respawn",
      async () => {
        erasing();
        full = undefined;
        steps.push("respawn");
        const pid = await pane.tmux(["display-message", "-p", "-t", "=dev:", "#{pane_pid}"]);
        await pane.tmux(["respawn-pane", "-k", "-t", "=dev:"]);
        await pane.becomes("#{pane_pid}", (now) => now !== pid.trim());
      },
    ],
    [
      2,
      "flood",
      async () => {
        await quit();
        const lines = 50 + upTo(300);
        // who has not heard that the history was dropped, as of clear-history, knows lines by their text alone
        const first = isCleared ? 1000 * ++floods : 1;
        steps.push(`flood of ${lines}`);
        await pane.type(`seq ${first} ${first + lines - 1}`);
      },
    ],
    [
      3,
      "kill",
      async () => {
        steps.push("kill the daemon");
        pane.killDaemon();
        if (isUp) before = last;
        isUp = false;
      },
    ],
    [
      5,
      "start",
      async () => {
        steps.push("start the daemon");
        await start();
      },
    ],
    [
      2,
      "deafen",
      async () => {
        steps.push("deafen the daemon");
        pane.deafen();
        isDetached = true;
      },
    ],
    [
      1,
      "subscribe",
      async () => {
        const id = await pane.subscribe();
        steps.push(`subscribe: ${id}, from ${last + 1}`);
        expected.push({ id, from: last + 1 });
      },
    ],
    [
      3,
      "wait",
      async () => {
        if (!isUp) return;
        steps.push(`wait for ${last}`);
        const unheardOf = await untilHeard();
        if (unheardOf) throw new Error(unheardOf);
      },
    ],
    [
      1,
      "attach",
      async () => {
        const size = { cols: 40 + upTo(120), rows: 6 + upTo(40) };
        steps.push(`somebody attaches, ${size.cols}x${size.rows}`);
        await pane.attach(size);
      },
    ],
    [
      1,
      "pause",
      async () => {
        const ms = upTo(150);
        steps.push(`${ms} ms`);
        await sleep(ms);
      },
    ],
  ];
  const total = doing.reduce((sum, [weight]) => sum + weight, 0);
  const next = () => {
    let left = upTo(total);
    const found = doing.find(([weight]) => {
      left -= weight;
      return left < 0;
    });
    return found as (typeof doing)[number];
  };

  const wrong: string[] = [];
  try {
    await pane.open();
    await start();
    if (random() < 0.3) await doing[1]?.[2]();
    const id = await pane.subscribe();
    expected.push({ id, from: 1 });
    for (let step = 12 + upTo(20); step > 0; step--) await next()[2]();
    await quit();
    await start();
    await pane.say(last + 1, last + 1, "plain");
    last++;
    const unheardOf = await untilHeard();
    if (unheardOf) wrong.push(unheardOf);
    await sleep(100);
    for (const { id: each, from } of expected) {
      const fired = await pane.fired(each);
      const doubled = fired.filter((n, i) => fired.indexOf(n) !== i && !ambiguous.has(n));
      if (doubled.length > 0) wrong.push(`${each}: fired again for ${doubled.join(", ")}`);
      const strange = fired.filter((n) => (n < from && !ambiguous.has(n)) || n > last);
      if (strange.length > 0) wrong.push(`${each}: fired for ${strange.join(", ")}`);
    }
  } catch (thrown) {
    wrong.push(thrown instanceof Error ? thrown.message : `${thrown}`);
  }
  if (wrong.length > 0) {
    wrong.push(await pane.screen().catch(() => "no screen"));
    wrong.push((await pane.run(["daemon", "logs", "60"])).stdout);
  }
  return { steps, wrong };
}
