// Tells claude-tmux what opencode does in its tmux pane. Written by `claude-tmux install opencode`, which replaces it as long as
// nobody has changed it, and takes it away with --remove.
import { spawn } from "node:child_process";

const [COMMAND, ...WORDS] = ["claude-tmux"];
/** How long a call may take, ms: it ends by itself in less than one second. */
const CALL_MS = 2000;

let waiting;
let calls;
let last;

/**
 * Calls the program with an event, one after the other: of those that come meanwhile, the newest. What it was told last it is not told
 * again, unless that is of another request. Never fails.
 */
function tell(type, fields = {}, request = "") {
  const text = JSON.stringify(fields);
  const key = [type, text, request].join();
  if (last === key) return calls;
  last = key;
  waiting = { type, text, key };
  calls ??= callAll();
  return calls;
}

async function callAll() {
  while (waiting) {
    const { type, text, key } = waiting;
    waiting = undefined;
    const isTold = await call(type, text);
    if (!isTold && last === key) last = undefined;
  }
  calls = undefined;
}

/** Whether the program took it. */
function call(type, text) {
  return new Promise((resolve) => {
    try {
      const words = [...WORDS, "agent-hook", "opencode", type];
      const child = spawn(COMMAND, words, {
        stdio: ["pipe", "ignore", "ignore"],
        timeout: CALL_MS,
        killSignal: "SIGKILL",
      });
      child.on("error", () => resolve(false));
      child.on("exit", (code) => resolve(code === 0));
      child.stdin.on("error", () => {});
      child.stdin.end(text);
      child.unref();
    } catch {
      resolve(false);
    }
  });
}

export const ClaudeTmux = async ({ client }) => {
  if (!process.env.TMUX || !process.env.TMUX_PANE) return {};
  /** session -> the one whose subagent it is, or nothing */
  const parents = new Map();
  /** sessions at work -> the event that said so */
  const busy = new Map();
  /** what is asked -> the event; a person answers what subagents ask as well */
  const asked = new Map();
  /** sessions that were ended -> the event that did it */
  const ended = new Map();
  let isReady = false;
  let order = Promise.resolve();

  async function parentOf(session) {
    if (parents.has(session)) return parents.get(session);
    // of one that was made before it was started
    const asking = client.session.get({ path: { id: session }, signal: AbortSignal.timeout(CALL_MS) });
    const { data } = (await asking.catch(() => undefined)) ?? {};
    if (data) parents.set(session, data.parentID);
    return data?.parentID;
  }

  async function topOf(session) {
    const parent = await parentOf(session);
    return parent ? topOf(parent) : session;
  }

  /** What comes first decides: what somebody is asked, what works, and then what has happened. */
  async function tellState(event) {
    const questions = [...asked.values()];
    const first = questions.find(({ type }) => type === "permission.asked") ?? questions[0];
    const { type, properties = {} } = first ?? [...busy.values()].at(-1) ?? event;
    const { sessionID, status, reply, error } = properties;
    const fields = {
      ...(sessionID && { sessionID: await topOf(sessionID) }),
      ...(status && { status: { type: status.type } }),
      ...(reply && { reply }),
      ...(error && { error: { name: error.name } }),
    };
    tell(type, fields, first?.properties.id);
  }

  async function read(event) {
    const { type, properties = {} } = event;
    const { sessionID: session, info } = properties;
    if (type === "session.created") parents.set(session ?? info?.id, info?.parentID);
    if (type === "plugin.added" && !isReady) {
      isReady = true;
      return tellState(event);
    }
    if (!session) return;
    const isTop = async () => !(await parentOf(session));
    switch (type) {
      case "permission.asked":
      case "question.asked":
        asked.set(properties.id, event);
        return tellState(event);
      case "permission.replied":
      case "question.replied":
      case "question.rejected":
        asked.delete(properties.requestID);
        if ((properties.reply === "reject" || type === "question.rejected") && (await isTop()))
          ended.set(session, event);
        return tellState(event);
      case "session.error":
        if (await isTop()) ended.set(session, event);
        return;
      case "session.status":
        if (properties.status?.type === "idle" || !(await isTop())) return;
        busy.delete(session);
        busy.set(session, event);
        ended.delete(session);
        return tellState(event);
      case "session.idle": {
        const open = [...asked].filter(([, { properties: of }]) => of.sessionID === session);
        for (const [id] of open) asked.delete(id);
        busy.delete(session);
        if (open.length > 0 || (await isTop())) return tellState(ended.get(session) ?? event);
      }
    }
  }

  return {
    event: async ({ event }) => {
      order = order.then(() => read(event)).catch(() => {});
    },
    // the only one that opencode waits for: what it has done last is to be taken away
    dispose: async () => {
      await order;
      await tell("server.instance.disposed");
    },
  };
};
