/** A word of systemd's command lines and assignments (systemd.service(5), COMMAND LINES): quoted, % and $ kept. Pure. */
export function systemdWord(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("%", "%%")
    .replaceAll("$", "$$$$")
    .replaceAll("\n", "\\n");
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/**
 * A command line of systemd's. It takes no quote and no backslash in the path of a program, and a $ there cannot be
 * escaped: sh(1) starts such a one, and becomes it. Pure.
 */
export function systemdCommand(words: readonly [program: string, ...args: string[]]): string {
  const isPlain = !/["'\\$]/.test(words[0]);
  return (isPlain ? words : ["/bin/sh", "-c", 'exec "$0" "$@"', ...words]).map(systemdWord).join(" ");
}

/** A value of systemd's Environment=, where $ has no meaning (systemd.exec(5)). Pure. */
export function systemdAssignment(name: string, value: string): string {
  return `"${name}=${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("\n", "\\n")}"`;
}

/** A word for sh(1), quoted only where it must be: people read it. Pure. */
export function readableShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word in a crontab's command, where % is a newline unless it is escaped (crontab(5)). Pure. */
export function cronWord(text: string): string {
  return readableShellWord(text).replaceAll("%", "\\%");
}

/** Text in XML. Pure. */
export function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
