import { afterEach, describe, expect, test } from "bun:test";
import { Holder } from "../../../src/top/holder.ts";
import { until } from "../../helpers/box.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A holder of a terminal that only notes what is done to it, and types what it is told to. */
function held() {
  const over = new AbortController();
  const did: string[] = [];
  let type: (text: string) => void = () => {};
  const terminal = {
    enter: async () => void did.push("enter"),
    leave: () => void did.push("leave"),
    async *input(signal: AbortSignal): AsyncGenerator<Uint8Array> {
      did.push("read");
      while (!signal.aborted) {
        const text = await new Promise<string>((resolve) => {
          type = resolve;
          signal.addEventListener("abort", () => resolve(""), { once: true });
        });
        if (text === "hung up") return;
        if (text !== "") yield new TextEncoder().encode(text);
      }
    },
  };
  const holder = new Holder(terminal, {
    signal: over.signal,
    onBack: () => void did.push("back"),
    fail: (thrown) => void did.push(`failed: ${thrown}`),
    stop: () => void did.push("stop"),
  });
  ends.push(() => {
    over.abort();
    holder.release();
  });
  const read = () => holder.read(() => (bytes) => void did.push(new TextDecoder().decode(bytes)));
  return { holder, did, over, read, type: (text: string) => type(text), terminal };
}

const listens = () => ["SIGTSTP", "SIGCONT"].map((name) => process.listenerCount(name));

test("what is typed is heard until the terminal has gone; then it is as it was, and no signal is listened to", async () => {
  const before = listens();
  const { holder, did, read, type } = held();
  await holder.take();
  expect(listens()).toEqual(before.map((count) => count + 1));
  const reading = read();
  type("a");
  await until("it is heard", () => did.includes("a"));
  type("hung up");
  await reading;
  holder.release();
  expect(did).toEqual(["enter", "read", "a", "leave"]);
  expect(listens()).toEqual(before);
});

test("who runs something in it has it for that time, whatever came of it, and reads what is typed", async () => {
  const { holder, did, read } = held();
  await holder.take();
  void read();
  const run = holder.without(async () => {
    did.push("run", `${holder.isAway}`);
    process.emit("SIGCONT"); // of which nobody takes the terminal back
    throw new Error("it failed");
  });
  expect(await run.catch((thrown) => thrown.message)).toBe("it failed");
  await until("it is read again", () => did.filter((what) => what === "read").length === 2);
  expect(did).toEqual(["enter", "read", "leave", "run", "true", "enter", "back", "read"]);
  expect(holder.isAway).toBe(false);
});

describe("suspended", () => {
  test("it is left before the stop, and taken when it goes on, or when nobody has stopped it", async () => {
    const { holder, did, read } = held();
    await holder.take();
    void read();
    process.emit("SIGTSTP");
    holder.suspend(); // it already is
    expect({ did, isAway: holder.isAway }).toEqual({ did: ["enter", "read", "leave", "stop"], isAway: true });
    await until("it is back", () => !holder.isAway);
    expect(did.slice(4)).toEqual(["enter", "back"]);
    process.emit("SIGTSTP");
    expect(did.slice(6)).toEqual(["leave", "stop"]);
  });

  test("a terminal that can't be taken back ends it", async () => {
    const { holder, did, terminal } = held();
    await holder.take();
    terminal.enter = async () => {
      throw new Error("it has gone");
    };
    holder.suspend();
    await until("it is told", () => did.includes("failed: Error: it has gone"));
  });
});

test("ended while somebody else has it, the terminal is not taken back, and the reading ends", async () => {
  const { holder, did, over, read } = held();
  await holder.take();
  const reading = read();
  await holder.without(async () => over.abort());
  await reading;
  expect(did).toEqual(["enter", "read", "leave"]);
});
