// Runs one task of package.json ("start", "build", "test" …) on a machine that may have
// nothing but Node and npm, or nothing but Bun: it installs what is missing first. Plain JavaScript, node: imports only.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { prepare } from "./setup.mjs";

const steps = {
  build: { run: [["src/dev/build.ts"], ["src/dev/docs.ts"]] },
  start: { needsTmux: true, run: [["src/dev/build.ts"]], program: ["dist/claude-tmux", "demo"] },
  test: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/test.ts"]] },
  bench: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/bench/table.ts"]] },
  "bench:agents": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/bench/agents/run.ts"]] },
  "bench:commands": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/bench/commands.ts"]] },
  "bench:events": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/bench/events.ts"]] },
  chaos: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/chaos/chaos.ts"]] },
  "fuzz:shells": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/shells.ts"]] },
  soak: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/chaos/soak.ts"]] },
  "fuzz:gc": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/gc.ts"]] },
  snapshots: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/snapshots.ts"]] },
  "snapshots:kills": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/kills.ts"]] },
  "fuzz:keys": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/keys.ts"]] },
  "fuzz:asks": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/asks.ts"]] },
  "fuzz:events": { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/fuzz/events.ts"]] },
  release: { run: [["src/dev/release/release.ts"]] },
  docs: { run: [["src/dev/docs.ts"]] },
  map: { run: [["src/dev/map.ts"]] },
  picture: { needsTmux: true, run: [["src/dev/build.ts"], ["src/dev/picture/picture.ts"]] },
  typecheck: { run: [["node_modules/typescript/bin/tsc", "--noEmit"]] },
  lint: { run: [["node_modules/@biomejs/biome/bin/biome", "check", "--config-path=.biome.jsonc"]] },
  format: { run: [["node_modules/@biomejs/biome/bin/biome", "check", "--config-path=.biome.jsonc", "--write"]] },
};

const name = process.argv[2] ?? "";
const extra = process.argv.slice(3);
const task = Object.hasOwn(steps, name) ? steps[name] : undefined;
if (!task) {
  console.error(`unknown task "${name}"; one of: ${Object.keys(steps).join(", ")}`);
  process.exit(2);
}
process.chdir(new URL("../..", import.meta.url).pathname);
const bun = prepare({ needsTmux: task.needsTmux === true });
task.run.forEach((args, i) => {
  run(bun, i === task.run.length - 1 && !task.program ? [...args, ...extra] : args);
});
if (task.program) run(task.program[0], [...task.program.slice(1), ...extra]);

function run(command, args) {
  const { pid, status, signal, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  if (status === 0) return;
  // bun build leaves its half-made output beside the source when it is interrupted
  if (signal) rmSync(`dist/claude-tmux.${pid}.part`, { recursive: true, force: true });
  process.exit(status ?? 1);
}
