import { Box } from "/work/main/test/helpers/box.ts";
import { HOSTILE } from "/work/main/test/helpers/random.ts";

await using box = new Box({ SHELL: "/bin/bash" });
await box.output("session-create", "dev");
await box.output("pane-exec", "dev", "0", `stty raw -echo; printf 'rea''dy\\r\\n'; cat > ${box.folder}/received`);
await box.shows("dev", "0", "ready");
for (const [i, t] of HOSTILE.entries()) {
  const s = performance.now();
  const r = await Promise.race([box.bridge("pane-exec", "dev", "0", t), Bun.sleep(4000)]);
  const ms = performance.now() - s;
  if (ms > 400 || !r) {
    console.log(i, JSON.stringify(t).slice(0, 80), ms, r);
    if (!r) {
      const ps = Bun.spawnSync(["ps", "-eo", "pid,ppid,stat,wchan:25,args"])
        .stdout.toString()
        .split("\n")
        .filter((l) => /tmux/.test(l))
        .join("\n");
      console.log(ps);
      break;
    }
  }
}
