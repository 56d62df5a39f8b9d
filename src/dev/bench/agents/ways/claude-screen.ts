import { UNKNOWN } from "../task.ts";

/**
 * What Claude Code does, as somebody reads it who knows it: from the text that its pane shows, below which nothing else stands; empty
 * lines and rules may be left out. Pure.
 */
export function claudeOn(text: string): string {
  const lines = text.trimEnd().split("\n");
  // the prompt of a shell where its own would be, or below it
  if (lines.slice(-3).some((line) => /^\S+@\S+[$#]( |$)/.test(line))) return "dead";
  if (lines.slice(-9).some((line) => /^ *❯ \d\. /.test(line))) {
    return text.includes("Do you want to") ? "permission" : "question";
  }
  const composer = lines.findLastIndex((line) => line.startsWith("❯"));
  if (composer === -1) return UNKNOWN;
  return lines.slice(Math.max(0, composer - 4), composer).some((line) => line.includes("esc to interrupt"))
    ? "working"
    : "idle";
}

/** What Claude Code has said last to a prompt, by what its pane shows. Pure. */
export function saidOn(text: string, prompt: string): string {
  const at = text.lastIndexOf(`❯ ${prompt}`);
  return (at === -1 ? undefined : /^● (.*)$/m.exec(text.slice(at))?.[1]) ?? UNKNOWN;
}
