import { expect, test } from "bun:test";

const FAIL = `
  import { fail } from "${import.meta.dir}/../../../src/commands/fail.ts";
  import { AppError } from "${import.meta.dir}/../../../src/lib/errors.ts";
  const error = new AppError("ERR_TIMEOUT", "It did not end", { hint: "Wait.", details: { partial_output: "begun" } });
  const options = { json: false, quiet: false, color: false };
  const call = { words: [], options, reading: { values: {} }, command: undefined, isForPeople: true, isCompact: false, ours: (text) => text };
  process.exitCode = await fail(error, call);
`;

test.skipIf(process.platform !== "linux")("a person is told what went wrong also when stdout takes nothing", () => {
  const told = (stdout: string) => {
    const env = { ...process.env, BUN: process.execPath, FAIL };
    const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", `"$BUN" -e "$FAIL" >${stdout}`], { env });
    return { exitCode, stderr: stderr.toString() };
  };
  expect(told("/dev/full")).toEqual({ exitCode: 124, stderr: "claude-tmux: It did not end\nWait.\n" });
  expect(told("/dev/null")).toEqual(told("/dev/full"));
});
