import { expect, test } from "bun:test";
import { TMUX_PLUGIN_FILE, tmuxPlugin, tmuxPluginNext } from "../../../src/install/tmux-plugin.ts";

const scriptOf = (...program: [string, ...string[]]) => tmuxPlugin(program)[TMUX_PLUGIN_FILE] ?? "";

/** What the script gives to tmux: the words of each call. */
function callsOf(script: string, key: string, bound = ""): string[][] {
  const tmux = `tmux() {
  case $1 in
    show-options) echo "$KEY" ;;
    list-keys) echo "$BOUND" ;;
    *) for word; do printf "%s\\0" "$word"; done ;;
  esac
}
`;
  const { stdout } = Bun.spawnSync(["sh", "-c", tmux + script], { env: { ...process.env, KEY: key, BOUND: bound } });
  return stdout
    .toString()
    .split("\0bind-key")
    .map((call) => call.split("\0").slice(0, -1));
}

test.each([
  ["", "T"],
  ["C-t", "C-t"],
])("with @claude-tmux-key %p, the key is %p", (option, key) => {
  const [call] = callsOf(scriptOf("/opt/claude-tmux"), option);
  expect(call?.slice(0, 6)).toEqual(["bind-key", "-N", expect.any(String), key, "run-shell", "-b"]);
});

test("a key that does something else is left alone, unless somebody has named it", () => {
  const script = scriptOf("/opt/claude-tmux");
  const bound = "bind-key -T prefix T display-message mine";
  expect(callsOf(script, "", bound).map(([name]) => name)).toEqual(["display-message"]);
  expect(callsOf(script, "T", bound).map(([name]) => name)).toEqual(["bind-key"]);
  const ours = 'bind-key -T prefix T run-shell -b "tmux display-popup … claude-tmux top"';
  expect(callsOf(script, "", ours).map(([name]) => name)).toEqual(["bind-key"]);
});

test.each([["/opt/claude-tmux"], ['/opt/it\'s #1 "quoted" $HOME/claude-tmux']])("%p is run in the popup", (program) => {
  const [call] = callsOf(scriptOf(program, "main.ts"), "");
  // as run-shell expands it
  const expanded = (call?.[6] ?? "").replaceAll("#{client_name}", "/dev/pts/7").replaceAll("##", "#");
  const tmux = 'tmux() { for word; do last=$word; printf "%s\\0" "$word"; done; }\n';
  const words = Bun.spawnSync(["sh", "-c", tmux + expanded])
    .stdout.toString()
    .split("\0");
  expect(words.slice(0, 8)).toEqual(["display-popup", "-c", "/dev/pts/7", "-w", "90%", "-h", "80%", "-E"]);
  const inside = `exec() { for word; do printf "%s\\0" "$word"; done; }\n${words[8]}`;
  const ran = Bun.spawnSync(["sh", "-c", inside.replace("exec() ", "run() ").replace(/\nexec /, "\nrun ")]).stdout;
  expect(ran.toString().split("\0").slice(0, -1)).toEqual([program, "main.ts", "top", "--client", "/dev/pts/7"]);
});

test("what a person does then names the script", () => {
  expect(tmuxPluginNext("/a b", ["/bin/claude-tmux"])[0]).toStartWith("run-shell '/a b/claude-tmux.tmux' ");
});
