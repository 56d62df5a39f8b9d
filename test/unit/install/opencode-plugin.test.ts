import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { opencodePlugin } from "../../../src/install/opencode-plugin.ts";
import { poll } from "../../../src/lib/wait.ts";

const FOLDER = mkdtempSync(`${tmpdir()}/claude-tmux-opencode-`);
const { TMUX, TMUX_PANE } = process.env;

beforeAll(() => Object.assign(process.env, { TMUX: "/nowhere,1,0", TMUX_PANE: "%1" }));
afterAll(() => {
  rmSync(FOLDER, { recursive: true });
  for (const [name, value] of Object.entries({ TMUX, TMUX_PANE })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

type Event = { type: string; properties?: Record<string, unknown> };
interface Hooks {
  event?: (input: { event: Event }) => Promise<void>;
  dispose?: () => Promise<void>;
}

let made = 0;
/** The plugin as opencode has it, what it has called so far, and a program of that text that it calls. */
async function plugin(program = `#!/bin/sh\necho "$4 $(cat)" >> "$1"\n`) {
  made += 1;
  const [file, log, script] = [`${FOLDER}/${made}.js`, `${FOLDER}/${made}.log`, `${FOLDER}/${made}.sh`];
  writeFileSync(script, program, { mode: 0o755 });
  writeFileSync(log, "");
  const [text = ""] = Object.values(opencodePlugin([script, log]));
  writeFileSync(file, text);
  const { ClaudeTmux, ...others } = await import(file);
  expect(others).toEqual({}); // opencode takes every function that it exports for a plugin
  const children: Record<string, string> = { ses_old: "ses_top" };
  const get = async ({ path: { id } }: { path: { id: string } }) => ({ data: { id, parentID: children[id] } });
  const hooks: Hooks = await ClaudeTmux({ client: { session: { get } } });
  const calls = () => readFileSync(log, "utf8").trim().split("\n");
  return {
    hooks,
    calls,
    /** Gives it events, and waits for the call with which it ends. */
    async says(events: Event[], call: string) {
      for (const event of events) await hooks.event?.({ event });
      await poll(5000, 10, () => calls().at(-1) === call);
      expect(calls().at(-1)).toBe(call);
    },
  };
}

const of = (sessionID: string, type: string, more = {}): Event => ({ type, properties: { sessionID, ...more } });
const status = (session: string, type: string) => of(session, "session.status", { status: { type, attempt: 1 } });
const BUSY = 'session.status {"sessionID":"ses_top","status":{"type":"busy"}}';
const IDLE = [status("ses_top", "idle"), of("ses_top", "session.idle")];
const DONE = 'session.idle {"sessionID":"ses_top"}';

test("it passes on what its session does, and nothing of what it is about", async () => {
  const { says, hooks, calls } = await plugin();
  await says([{ type: "plugin.added", properties: { id: "agent" } }], "plugin.added {}");
  await says([{ type: "plugin.added", properties: { id: "skill" } }, status("ses_top", "busy")], BUSY);
  const asked = of("ses_top", "permission.asked", { id: "per_1", metadata: { command: "secret" } });
  await says([asked, status("ses_top", "busy")], 'permission.asked {"sessionID":"ses_top"}');
  await says([of("ses_top", "permission.replied", { requestID: "per_1", reply: "once" })], BUSY);
  await says([status("ses_top", "retry")], 'session.status {"sessionID":"ses_top","status":{"type":"retry"}}');
  await says(IDLE, DONE);
  await says(
    [status("ses_top", "busy"), of("ses_top", "question.asked", { id: "q" })],
    'question.asked {"sessionID":"ses_top"}',
  );
  await says([of("ses_top", "question.replied", { requestID: "q" })], BUSY);
  const error = { name: "MessageAbortedError", data: { message: "secret" } };
  const interrupted = 'session.error {"sessionID":"ses_top","error":{"name":"MessageAbortedError"}}';
  await says([of("ses_top", "session.error", { error }), ...IDLE, ...IDLE], interrupted);
  await says([status("ses_top", "busy"), ...IDLE], DONE);
  await hooks.dispose?.();
  expect(calls().at(-1)).toBe("server.instance.disposed {}");
  expect(calls().join()).not.toContain("secret");
});

test("a refusal ends the turn, unless it goes on", async () => {
  const { says } = await plugin();
  const refused = [
    of("ses_top", "permission.asked", { id: "p" }),
    of("ses_top", "permission.replied", { requestID: "p", reply: "reject" }),
  ];
  const told = 'permission.replied {"sessionID":"ses_top","reply":"reject"}';
  await says([status("ses_top", "busy"), ...refused, ...IDLE], told);
  await says([status("ses_top", "busy"), ...refused, status("ses_top", "busy")], BUSY);
  await says(IDLE, DONE);
});

test("a subagent does not end the turn, and what it asks is asked in the pane", async () => {
  const { says } = await plugin();
  const child = { type: "session.created", properties: { sessionID: "ses_new", info: { parentID: "ses_top" } } };
  await says([status("ses_top", "busy"), child, status("ses_new", "busy")], BUSY);
  for (const session of ["ses_new", "ses_old"]) {
    const asked = [of(session, "question.asked", { id: "q" }), of(session, "permission.asked", { id: "p" })];
    await says(asked, 'permission.asked {"sessionID":"ses_top"}');
    await says(
      [of(session, "permission.replied", { requestID: "p", reply: "reject" })],
      'question.asked {"sessionID":"ses_top"}',
    );
    // it was ended before that was answered
    await says([of(session, "session.error", { error: { name: "APIError" } }), of(session, "session.idle")], BUSY);
  }
  await says(IDLE, DONE);
});

test("of two sessions, the one that asks or works decides", async () => {
  const { says } = await plugin();
  await says(
    [status("ses_2", "busy"), of("ses_2", "permission.asked", { id: "p" })],
    'permission.asked {"sessionID":"ses_2"}',
  );
  await says([status("ses_top", "busy"), ...IDLE], 'permission.asked {"sessionID":"ses_2"}');
  await says([of("ses_2", "permission.replied", { requestID: "p", reply: "once" })], BUSY.replace("top", "2"));
  await says([status("ses_top", "busy"), of("ses_2", "session.idle")], BUSY);
});

test("what two requests ask is told twice, also when both were open, and what one asks once", async () => {
  const { says, hooks, calls } = await plugin();
  const asked = (id: string) => of("ses_top", "permission.asked", { id });
  const answered = (id: string) => of("ses_top", "permission.replied", { requestID: id, reply: "once" });
  const told = 'permission.asked {"sessionID":"ses_top"}';
  await says([status("ses_top", "busy"), asked("per_1")], told);
  await hooks.event?.({ event: status("ses_top", "busy") });
  await hooks.event?.({ event: asked("per_2") });
  await hooks.event?.({ event: answered("per_1") });
  await says([answered("per_2")], BUSY);
  const before = calls().length;
  await says([asked("per_3")], told);
  await hooks.event?.({ event: asked("per_4") });
  await hooks.event?.({ event: answered("per_3") });
  await poll(5000, 10, () => calls().length === before + 2);
  expect(calls().slice(before)).toEqual([told, told]);
});

test("what the program did not take is told again", async () => {
  const { says, hooks, calls } = await plugin(`#!/bin/sh\necho "$4 $(cat)" >> "$1"\nexit 1\n`);
  const failures = () => calls().filter((call) => call === BUSY).length;
  for (let times = 1; times <= 2; times++) {
    await poll(5000, 10, async () => {
      await hooks.event?.({ event: status("ses_top", "busy") });
      return failures() >= times;
    });
    expect(failures()).toBeGreaterThanOrEqual(times);
  }
  await says(IDLE, DONE);
});

test.each([
  ["hangs", "#!/bin/sh\nexec sleep 600\n"],
  ["fails", "#!/bin/sh\nexit 1\n"],
  ["is not there", "#!/nowhere\n"],
])(
  "opencode, which waits until all was told when it ends, is not kept by a program that %s",
  async (_, program) => {
    const { hooks } = await plugin(program);
    await hooks.event?.({ event: status("ses_top", "busy") });
    await hooks.event?.({ event: of("ses_top", "session.idle") });
    await hooks.event?.({ event: { type: "permission.asked" } });
    // two calls, each of which is ended after 2 s
    await hooks.dispose?.();
  },
  40_000,
);

test("outside tmux it does nothing", async () => {
  delete process.env.TMUX_PANE;
  try {
    expect((await plugin()).hooks).toEqual({});
  } finally {
    process.env.TMUX_PANE = "%1";
  }
});
