import { describe, expect, test } from "bun:test";
import { press } from "../../../src/top/press.ts";
import type { Row } from "../../../src/top/row.ts";
import { type Asked, inSight, START, type View } from "../../../src/top/view.ts";

const row = (id: string, more: Partial<Row> = {}): Row => ({
  id,
  sessionId: "$0",
  place: `dev:${id.slice(1)}`,
  label: "",
  what: "make",
  cwd: "",
  state: "working",
  for: "",
  since: 0,
  isAtLeast: false,
  cpu: undefined,
  bytes: undefined,
  line: "",
  runs: "make",
  job: id,
  isOwn: false,
  ...more,
});

const view = (more: Partial<View> = {}): View =>
  inSight({ ...START, rows: [row("%1"), row("%2"), row("%3")], ...more });
const hit = (from: View, ...keys: string[]) =>
  keys.reduce((now, key) => press(now.view, { key }), { view: from } as ReturnType<typeof press>);

test.each([
  [["down"], "%2"],
  [["j", "j"], "%3"],
  [["j", "j", "j"], "%3"],
  [["j", "k", "k"], "%1"],
  [["G"], "%3"],
  [["G", "g"], "%1"],
  [["page-down"], "%3"],
  [["end", "page-up"], "%1"],
])("%p selects %p", (keys, selected) => {
  expect(hit(view(), ...keys).view.selected).toBe(selected);
});

test.each([
  [["q"], { do: "quit" }],
  [["C-c"], { do: "quit" }],
  [["C-z"], { do: "suspend" }],
  [["C-l"], { do: "redraw" }],
  [["j", "enter"], { do: "go", row: row("%2") }],
  [["a"], { do: "ask", row: row("%1") }],
])("%p does %p", (keys, deed) => {
  expect(hit(view(), ...keys).deed).toEqual(deed as never);
});

describe("x", () => {
  test.each([
    { columns: 30, height: 1 },
    { columns: 29, height: 24 },
  ])("stops nothing where the question can't be seen: %p", (size) => {
    expect(hit(view(size), "x").view.mode).toEqual({ is: "list" });
    const asked = hit(view(), "x").view;
    expect(hit({ ...asked, ...size }, "y")).not.toHaveProperty("deed");
    expect(hit({ ...asked, columns: 30, height: 2 }, "y")).toMatchObject({ deed: { do: "stop" } });
  });

  test.each([
    ["y", { do: "stop", row: row("%1") }, undefined],
    ["K", { do: "kill", row: row("%1") }, undefined],
    // which is a step in the list: who holds it, and hits x, kills nothing
    ["k", undefined, "Nothing was stopped"],
    ["n", undefined, "Nothing was stopped"],
    ["enter", undefined, "Nothing was stopped"],
    ["escape", undefined, "Nothing was stopped"],
    ["x", undefined, "Nothing was stopped"],
  ])("asks before, and %p then is %p", (key, deed, message) => {
    const asked = hit(view(), "x");
    expect({ deed: asked.deed, mode: asked.view.mode.is }).toEqual({ deed: undefined, mode: "stop" });
    const done = hit(asked.view, key);
    expect({ deed: done.deed, mode: done.view.mode.is }).toEqual({ deed: deed as never, mode: "list" });
    expect(done.view.message?.text).toBe(message);
  });

  test("what has come in the place of what was asked about is left alone", () => {
    const asked = hit(view(), "x").view;
    const done = hit({ ...asked, rows: [row("%1", { job: "other" })] }, "y");
    expect(done.deed).toBeUndefined();
    expect(done.view.message).toEqual({ text: "dev:1 runs something else by now: nothing was stopped", isError: true });
    expect(hit({ ...asked, rows: [] }, "K").deed).toBeUndefined();
  });

  test("where nothing runs, only the pane itself can go", () => {
    const asked = hit(view({ rows: [row("%1", { state: "idle", runs: "" })] }), "x").view;
    expect(hit(asked, "y").deed).toBeUndefined();
    expect(hit(asked, "K").deed).toMatchObject({ do: "kill" });
  });

  test.each([
    ["an agent that is idle", "idle", "claude"],
    ["what runs where an agent was ended", "dead", "vim"],
  ] as const)("%s can be stopped", (_, state, runs) => {
    const asked = hit(view({ rows: [row("%1", { state, runs })] }), "x").view;
    expect(hit(asked, "y").deed).toMatchObject({ do: "stop", row: { runs } });
  });

  test("the view does not stop itself", () => {
    const own = hit(view({ rows: [row("%1", { isOwn: true })] }), "x");
    expect(own.view.mode.is).toBe("list");
    expect(own.view.message?.text).toContain("q leaves it");
  });

  test("nothing that is pasted, and no click, answers it", () => {
    const asked = hit(view(), "x").view;
    expect(press(asked, { paste: "y" })).toEqual({ view: asked });
    expect(press(asked, { click: { column: 0, row: 2 } })).toEqual({ view: asked });
  });
});

test("Esc goes back from the list to nowhere, and q quits from there alone", () => {
  const once = hit(view(), "escape");
  expect({ deed: once.deed, text: once.view.message?.text }).toEqual({
    deed: undefined,
    text: "Esc goes back; q quits",
  });
  expect(hit(once.view, "q").deed).toEqual({ do: "quit" });
  expect(hit(view(), "?", "q")).toEqual({ view: view() });
  expect(hit(view(), "?", "escape")).toEqual({ view: view() });
});

test("what is pasted into the list is no key", () => {
  const before = view();
  expect(press(before, { paste: "xyq" })).toEqual({ view: before });
});

describe("a filter", () => {
  const rows = [row("%1", { what: "make" }), row("%2", { what: "vim" }), row("%3", { what: "Vite" })];

  test("shows what has it, as it is typed, and selects among that", () => {
    const typed = hit(view({ rows }), "/", "v", "i").view;
    expect({ filter: typed.filter, selected: typed.selected }).toEqual({ filter: "vi", selected: "%2" });
    expect(hit(typed, "down").view.selected).toBe("%3");
    expect(hit(typed, "backspace", "backspace").view.filter).toBe("");
  });

  test("q and x are letters there; Enter keeps it, Esc takes it away, in the list too", () => {
    const typed = hit(view({ rows }), "/", "q", "x");
    expect({ filter: typed.view.filter, deed: typed.deed }).toEqual({ filter: "qx", deed: undefined });
    const kept = hit(typed.view, "enter").view;
    expect({ filter: kept.filter, mode: kept.mode.is }).toEqual({ filter: "qx", mode: "list" });
    expect(hit(kept, "escape")).toMatchObject({ view: { filter: "", selected: "%1" } });
    expect(hit(typed.view, "escape").view).toMatchObject({ filter: "", mode: { is: "list" } });
  });

  test("of what is pasted, the first line is taken, without control characters", () => {
    const typing = hit(view({ rows }), "/").view;
    expect(press(typing, { paste: "v\x1b[31mim\nrm" }).view.filter).toBe("vim");
  });
});

describe("an answer", () => {
  const asked: Asked = { for: "question", text: "Which?", question: {} as never };
  const asking = view({ mode: { is: "answer", row: row("%1"), asked, text: "" } });

  test("is what was typed, on Enter alone", () => {
    const typed = hit(asking, "2", "x", "backspace");
    expect(typed.deed).toBeUndefined();
    expect(hit(typed.view, "enter").deed).toEqual({ do: "answer", row: row("%1"), asked, text: "2" });
  });

  test.each([["enter"], ["escape"]])("%p without words answers nothing", (key) => {
    expect(hit(asking, key).deed).toBeUndefined();
  });

  test("a paste with more than one line sends nothing", () => {
    const { view: pasted, deed } = press(asking, { paste: "two words\nmore" });
    expect({ deed, text: pasted.mode.is === "answer" && pasted.mode.text }).toEqual({
      deed: undefined,
      text: "two words",
    });
  });
});

test("any key leaves the help", () => {
  const help = hit(view(), "?").view;
  expect(help.mode.is).toBe("help");
  expect(hit(help, "x").view.mode.is).toBe("list");
});

test("a click selects, one on what is selected goes there, one elsewhere does nothing", () => {
  const click = (from: View, at: number) => press(from, { click: { column: 3, row: at } });
  expect(click(view(), 3).view.selected).toBe("%2");
  expect(click(view(), 2).deed).toEqual({ do: "go", row: row("%1") });
  for (const at of [0, 1, 5, 23, 99]) expect(click(view(), at)).toEqual({ view: view() });
});
