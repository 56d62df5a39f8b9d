/**
 * The acceptance tests, which are files of test/e2e, as one file of JavaScript. A macro: it runs while the binary is
 * built, and its answer is compiled in.
 */
export function acceptanceSuite(): string {
  const args = ["build", "--target=bun", `${import.meta.dir}/../../test/e2e/acceptance.ts`];
  const { stdout, stderr, success } = Bun.spawnSync([process.execPath, ...args]);
  if (!success) throw new Error(`the acceptance tests cannot be bundled: ${stderr}`);
  return stdout.toString();
}
