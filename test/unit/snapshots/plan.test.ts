import { expect, test } from "bun:test";
import { planRestore } from "../../../src/snapshots/plan.ts";
import type { Here, WhyNotStarted } from "../../../src/snapshots/plan-terms.ts";
import { paneOf, programOf, snapshotOf } from "./example.ts";

const here: Here = {
  isFolder: (path) => ["/work", "/home/you", "/home/you/src"].includes(path),
  isProgram: (path) => path === "/bin/bash",
  shells: ["/bin/bash", "/usr/bin/gone"],
  home: "/home/you",
  environment: { MY_TOKEN: "of here" },
  updated: ["SSH_AUTH_SOCK"],
  defaultCommand: "",
  isLiving: () => false,
  isKept: () => true,
};

const planned = (snapshot = snapshotOf(), isOwn = true, as?: string, whyNotStarted: WhyNotStarted = () => "no") =>
  planRestore(snapshot, { as, isOwn, here, whyNotStarted });
const window = snapshotOf().session.windows[0] as ReturnType<typeof snapshotOf>["session"]["windows"][number];
const withPane = (facts: Parameters<typeof paneOf>[0]) =>
  snapshotOf({ windows: [{ ...window, panes: [paneOf(facts)] }] });

test("all of a plain session comes back", () => {
  const plan = planned();
  expect(plan).toMatchObject({ name: "dev", cwd: "/work", missing: [] });
  expect([...plan.environment]).toEqual([["PORT", "80"]]);
  expect(planned(undefined, true, "copy").name).toBe("copy");
});

test("a folder that is not there is told, and replaced; one in another home is looked for in this one", () => {
  const gone = planned(withPane({ cwd: "/gone" }));
  expect(gone.windows[0]?.panes[0]?.cwd).toBe("/home/you");
  expect(gone.missing).toEqual([
    { where: "pane 0.0", what: "the folder /gone", why: "it is not there: /home/you stands in for it" },
  ]);
  const moved = planned(withPane({ cwd: "/home/me/src" }));
  expect([moved.windows[0]?.panes[0]?.cwd, moved.missing]).toEqual(["/home/you/src", []]);
});

test("a program, a dead pane and a shell that is not there are told", () => {
  const program = programOf(["vim", "x"]);
  const { missing } = planned(withPane({ program, is_dead: true, shell: "/bin/elsewhere" }));
  expect(missing.map(({ what }) => what)).toEqual(["vim x", "that its program had ended", "the shell /bin/elsewhere"]);
});

test("what is run is a shell of this machine; where it was matters in one's own snapshot alone", () => {
  const shellOf = (shell: string, isOwn: boolean) => planned(withPane({ shell }), isOwn).windows[0]?.panes[0]?.shell;
  expect([shellOf("/bin/bash", true), shellOf("/bin/bash", false)]).toEqual(["/bin/bash", "/bin/bash"]);
  expect([shellOf("/opt/bash", true), shellOf("/opt/bash", false)]).toEqual(["/bin/bash", "/bin/bash"]);
  expect([shellOf("/opt/evil", false), shellOf("/usr/bin/gone", false), shellOf("bash", true)]).toEqual([
    undefined,
    undefined,
    "/bin/bash",
  ]);
});

test("the shell that was saved comes back; what default-command does with it is left to that", () => {
  const shellWith = (defaultCommand: string, options = {}) => {
    const panes = [paneOf({ shell: "/bin/bash" })];
    const snapshot = snapshotOf({ options, windows: [{ ...window, panes }] });
    const plan = planRestore(snapshot, {
      as: undefined,
      isOwn: true,
      here: { ...here, defaultCommand },
      whyNotStarted: () => "no",
    });
    return plan.windows[0]?.panes[0]?.shell;
  };
  expect(["", "exec zsh -l", "wrap zsh", "bashful"].map((command) => shellWith(command))).toEqual(
    Array(4).fill("/bin/bash"),
  );
  for (const command of ["exec bash --norc", "reattach-to-user-namespace -l /bin/bash", "exec 'bash'"])
    expect(shellWith(command)).toBeUndefined();
  // the session's own was there when its panes were made
  expect(shellWith("", { "default-command": "wrap zsh" })).toBeUndefined();
});

test("a program is started if it is to be, and was not given a secret", () => {
  const of = (cut: "secret" | null, starts: boolean) => {
    const plan = planned(withPane({ program: programOf(["vim", "my file"], { cut }) }), true, undefined, () =>
      starts ? undefined : "no",
    );
    return [plan.windows[0]?.panes[0]?.command, plan.missing.map(({ what }) => what)];
  };
  expect(of(null, true)).toEqual(["vim 'my file'", []]);
  expect(of(null, false)).toEqual([undefined, ["vim 'my file'"]]);
  expect(of("secret", true)).toEqual([undefined, ["vim 'my file'"]]);
});

test("secrets are taken from here, or told; what tmux takes from its caller is left to it", () => {
  const environment = { set: { SSH_AUTH_SOCK: "/old", GONE: null }, hidden: ["MY_TOKEN", "OTHER_TOKEN"] };
  const { environment: found, missing } = planned(snapshotOf({ environment }));
  expect([...found]).toEqual([
    ["GONE", null],
    ["MY_TOKEN", "of here"],
  ]);
  expect(missing.map(({ what }) => what)).toEqual(["the variable OTHER_TOKEN"]);
});

test("of a file, nothing is used that could do something", () => {
  const environment = {
    set: { PATH: "/evil", LD_PRELOAD: "/evil.so", "x y": "1", PORT: "1", LANG: "C" },
    hidden: ["MY_TOKEN"],
  };
  const options = {
    "default-command": "evil",
    "status-left": "#(evil)",
    "@ok": "1",
    "x; run-shell evil": "1",
    status: "off",
  };
  const evil = snapshotOf({ environment, options });
  expect([...planned(evil, false).environment.keys()]).toEqual(["LANG"]);
  expect(planned(evil, false).options).toEqual([["status", "off"]]);
  expect(planned(evil, false).missing).toHaveLength(9);
  expect([...planned(evil).environment.keys()]).toEqual(["PATH", "PORT", "LANG", "MY_TOKEN"]);
  expect(planned(evil).options.map(([name]) => name)).toEqual(["default-command", "status-left", "@ok", "status"]);
});

test.each<[string, string | undefined, string | undefined, string | undefined]>([
  ["web server", "web server", "web server", undefined],
  ["#1 #(evil)", "#1 #(evil)", "_1 _(evil)", undefined],
  ["#(evil)\x1b]0;x\x07", undefined, undefined, "it holds control characters"],
  ["1.2", undefined, undefined, "it looks like a pane's index or id"],
  ["x".repeat(101), undefined, undefined, "it is 101 characters long, at most 100 are allowed"],
])("the label %j is %j in one's own snapshot, %j in another, and is told: %p", (label, own, other, why) => {
  const plans = [planned(withPane({ label })), planned(withPane({ label }), false)];
  expect(plans.map(({ windows }) => windows[0]?.panes[0]?.label)).toEqual([own, other]);
  for (const { missing } of plans) {
    const told = missing.filter(({ what }) => what.startsWith("the label "));
    expect(told.map((each) => each.why)).toEqual(why === undefined ? [] : [why]);
    expect(told.map(({ what }) => what).join("")).not.toMatch(/[\x00-\x1f]/);
  }
});

test("of metadata comes back what pane-metadata-set takes", () => {
  const metadata = { key: "#(evil)\x1b\n", "": "x", ["k".repeat(201)]: "x", "#{x}": "" };
  for (const isOwn of [true, false]) {
    const { windows, missing } = planned(withPane({ metadata }), isOwn);
    expect(windows[0]?.panes[0]?.metadata).toEqual({ key: metadata.key, "#{x}": "" });
    expect(missing.filter(({ what }) => what.startsWith("the metadata")).map(({ why }) => why)).toEqual([
      "its key is 0 characters long, 1 to 200 are allowed",
      "its key is 201 characters long, 1 to 200 are allowed",
    ]);
  }
});

test("a stranger's title does not turn the direction of what is read", () => {
  const titles = [true, false].map(
    (isOwn) => planned(withPane({ title: "x\u202ey" }), isOwn).windows[0]?.panes[0]?.title,
  );
  expect(titles).toEqual(["x\u202ey", "xy"]);
});
