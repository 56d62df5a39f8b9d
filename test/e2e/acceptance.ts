// What `claude-tmux selftest` runs on a user's machine: these files, bundled into the binary. They hold for any user,
// any system and any tmux that is supported, and need nothing but the binary.
import "./bridge.test.ts";
import "./run.test.ts";
import "./watch.test.ts";
import "./patterns.test.ts";
import "./watchdog.test.ts";
