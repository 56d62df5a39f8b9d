import { expect, test } from "bun:test";
import { gather } from "../../../../src/commands/daemon/restore.ts";
import type { ComeBack } from "../../../../src/snapshots/after-boot.ts";

const restored = (session: string): ComeBack => ({
  session,
  outcome: "restored",
  snapshot: `${session}-1`,
  missing: [],
});

test("subscriptions of those that came back are acted upon, also if the next one is interrupted", async () => {
  async function* interrupted(...before: ComeBack[]) {
    yield* before;
    throw new Error("interrupted");
  }
  const done: string[] = [];
  const means = {
    tell: async ({ session }: ComeBack) => void done.push(session),
    activate: async () => void done.push("activated"),
  };
  await expect(gather(interrupted(restored("api")), means)).rejects.toThrow("interrupted");
  expect(done.splice(0)).toEqual(["api", "activated"]);
  await expect(gather(interrupted({ session: "dev", outcome: "there" }), means)).rejects.toThrow("interrupted");
  expect(done).toEqual([]);
});
