import { expect, test } from "bun:test";

const PRINT = `import { print } from "${import.meta.dir}/../../../src/commands/print.ts";`;
const shell = (script: string) =>
  Bun.spawn(["sh", "-c", script], {
    env: { ...process.env, BUN: process.execPath, PRINT },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });

// a parent that never blocks, such as Node, may leave its child a pipe that refuses what it can't take
test.skipIf(!Bun.which("perl")).each([
  ["waits", ":"],
  ["refuses", "perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK)'"],
])("a slow reader gets all of it through a pipe that %s", async (_, prepare) => {
  const print = `print("ü".repeat(150_000)); print("end")`;
  const child = shell(`{ ${prepare}; "$BUN" -e "$PRINT"'${print}'; } | { sleep 0.5; cat; }`);
  expect((await child.stdout.text()) === `${"ü".repeat(150_000)}\nend\n`).toBeTrue();
  expect(await child.stderr.text()).toBe("");
});

test("says when nobody reads any more, and throws what can't be written", async () => {
  const print = `process.exitCode = print("x") ? 1 : 5`;
  const child = shell(
    `{ sleep 0.3; "$BUN" -e "$PRINT"'${print}'; echo $? >&2; "$BUN" -e "$PRINT"'${print}' >/dev/full; } | true`,
  );
  expect(await child.stderr.text()).toMatch(/^5\n(.|\n)*ENOSPC/);
});
