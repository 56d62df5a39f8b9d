import { existsSync } from "node:fs";

/** A shell that panes may run, and how it says things. */
export interface Shell {
  name: string;
  path: string;
  /** how the end of a command is found out */
  method: "shell-integration" | "marker";
  /** a loop of three sleeps of 0.1 s, and then "done" */
  loop: string;
  /** the pid of the shell itself */
  pid: string;
}

const FOLDERS = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
const LOOP = "for i in 1 2 3; do sleep 0.1; done; echo done";

const KNOWN: Omit<Shell, "path">[] = [
  { name: "bash", method: "shell-integration", loop: LOOP, pid: "$$" },
  { name: "zsh", method: "shell-integration", loop: LOOP, pid: "$$" },
  { name: "fish", method: "shell-integration", loop: "for i in 1 2 3; sleep 0.1; end; echo done", pid: "$fish_pid" },
  { name: "dash", method: "marker", loop: LOOP, pid: "$$" },
];

/** The shells of this machine; a test over those that are missing is skipped, and says so. */
export const SHELLS: (Shell & { isThere: boolean })[] = KNOWN.map((shell) => {
  const path = FOLDERS.map((folder) => `${folder}/${shell.name}`).find((candidate) => existsSync(candidate));
  return { ...shell, path: path ?? shell.name, isThere: path !== undefined };
});
