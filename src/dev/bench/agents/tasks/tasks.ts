import type { Task } from "../task.ts";
import { CODING } from "./coding.ts";
import { COMMANDS } from "./commands.ts";
import { INPUT } from "./input.ts";
import { PANES } from "./panes.ts";

/** All tasks, by their numbers. */
export const TASKS: readonly Task[] = [...COMMANDS, ...INPUT, ...PANES, ...CODING].sort((a, b) => a.number - b.number);
