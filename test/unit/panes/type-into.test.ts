import { expect, test } from "bun:test";
import { typeInto } from "../../../src/panes/type-into.ts";
import type { Pane } from "../../../src/tmux/panes.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";

const SERVER: TmuxServer = { flags: ["-S", "/none"], socket: "/none", stateFolder: undefined };
const PANE = { id: "%0", paneId: "0", session: "dev", pid: process.pid } as Pane;

/** What is called of a text that is typed, where tmux answers this to the typing, and goes away then. */
async function calls(answer: string): Promise<(boolean | string)[]> {
  const told: (boolean | string)[] = [];
  const onTyping = (mayBeTyped: boolean) => void told.push(mayBeTyped);
  const text = { bytes: new TextEncoder().encode("Do it"), enter: false, paste: false, isSecret: false, onTyping };
  let asked = 0;
  const ask = async () => {
    if (asked++ > 0) throw new Error("it has gone");
    return answer;
  };
  await typeInto(SERVER, ask, PANE, text).then(
    (isTyped) => told.push(`typed: ${isTyped}`),
    (thrown) => told.push(thrown.message),
  );
  return told;
}

test("a text that tmux has refused was not typed, whatever is found out of its pane after that", async () => {
  expect(await calls("\u241erefused\n")).toEqual([true, false, "it has gone"]);
  expect(await calls("")).toEqual([true, "typed: true"]);
});
