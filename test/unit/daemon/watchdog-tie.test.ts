import { expect, test } from "bun:test";
import { type WatchdogControl, WatchdogTie } from "../../../src/daemon/watchdog-tie.ts";
import { AppError } from "../../../src/lib/errors.ts";

const STOPPED_MAX_MS = 30_000;
const log = { info() {}, warn() {}, error() {} } as never;

/** A daemon's supervision on a clock of its own, and what it did with the watchdog that it has. */
function supervised(watchdog: { isThere: boolean; isStopped: boolean }) {
  let time = 0;
  const did: string[] = [];
  const control: WatchdogControl = {
    async start() {
      did.push("start");
      if (watchdog.isThere) throw new AppError("ERR_DAEMON_RUNNING", "there is one");
      watchdog.isThere = true;
      supervision.tie(new AbortController().signal);
    },
    stopped: () => (watchdog.isThere && watchdog.isStopped ? { pid: 2, startTime: 1 } : undefined),
    kill() {
      did.push("kill");
      watchdog.isThere = false;
      watchdog.isStopped = false;
    },
  };
  const supervision: WatchdogTie = new WatchdogTie(control, true, STOPPED_MAX_MS, log, () => time);
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds * 2; i++) {
      time += 500;
      supervision.tick();
      await Promise.resolve().then(() => Promise.resolve()); // what was started has ended
    }
  };
  return { supervision, did, pass };
}

test("a watchdog that was stopped before it connected is killed when its time is over, and replaced", async () => {
  const { did, pass } = supervised({ isThere: true, isStopped: true });
  await pass(30);
  expect(did).toEqual([]);
  await pass(5);
  expect(did).toEqual(["kill", "start"]);
});

test("a watchdog that is stopped while it is connected is killed, too", async () => {
  const watchdog = { isThere: true, isStopped: false };
  const { supervision, did, pass } = supervised(watchdog);
  const tie = new AbortController();
  supervision.tie(tie.signal);
  await pass(60);
  expect(did).toEqual([]);
  watchdog.isStopped = true;
  await pass(29);
  expect(did).toEqual([]);
  await pass(6);
  expect(did).toEqual(["kill"]);
  tie.abort();
  await pass(2);
  expect(did).toEqual(["kill", "start"]);
});

test("one that goes on in time is left alone", async () => {
  const watchdog = { isThere: true, isStopped: true };
  const { supervision, did, pass } = supervised(watchdog);
  await pass(20);
  watchdog.isStopped = false;
  supervision.tie(new AbortController().signal);
  await pass(60);
  expect(did).toEqual([]);
});

test("one that is killed is replaced, unless there is to be none", async () => {
  const watchdog = { isThere: true, isStopped: false };
  const { supervision, did, pass } = supervised(watchdog);
  const tie = new AbortController();
  supervision.tie(tie.signal);
  watchdog.isThere = false;
  tie.abort();
  await pass(2);
  expect(did).toEqual(["start"]);
  const other = supervised({ isThere: false, isStopped: false });
  other.supervision.release();
  await other.pass(60);
  expect(other.did).toEqual([]);
});
