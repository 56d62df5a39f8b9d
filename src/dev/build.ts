// Compiles dist/claude-tmux.
import { compile } from "./compile.ts";

const TARGET = "dist/claude-tmux";
compile(TARGET);
console.error(`built ${TARGET}`);
