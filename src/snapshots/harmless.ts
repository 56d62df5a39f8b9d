// What a snapshot may do to the person who restores it: nothing in it is ever run or taken for a command, whoever wrote it.

/** Variables that make programs run code, or load it. */
const CODE =
  /^(LD_.*|DYLD_.*|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS[0-4]|BASH_FUNC_.*|ZDOTDIR|LESSOPEN|LESSCLOSE|LESSKEY.*|PAGER|MANPAGER|GIT_.*|EDITOR|VISUAL|BROWSER|PERL5OPT|PERL5LIB|PERLLIB|PYTHON(STARTUP|PATH|HOME|INSPECT)|RUBYOPT|RUBYLIB|NODE_OPTIONS|NODE_PATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|GCONV_PATH|IFS|FPATH|BUN_.*|CLAUDE_TMUX_.*|TMUX|TMUX_PANE|SHELL|PATH)$/;

/** Those that a person's own snapshot may bring back all the same: that person had set them. */
const OWN = /^(PAGER|MANPAGER|EDITOR|VISUAL|BROWSER|SHELL|PATH|GIT_(AUTHOR|COMMITTER)_.*)$/;

/** Whether a variable is not to be set for what runs in a session that comes back. Pure. */
export function isCodeVariable(name: string, isOwn: boolean): boolean {
  return CODE.test(name) && !(isOwn && OWN.test(name));
}

/** Whether an option of tmux makes it run something (tmux(1), OPTIONS; `#()` in FORMATS). Pure. */
export function isCodeOption(name: string, value: string): boolean {
  return (
    /^(default-command|default-shell|lock-command|copy-command|editor|user-keys|command-alias)\b/.test(name) ||
    value.includes("#(")
  );
}

/** SGR (ECMA-48, 8.3.117), as tmux prints colours. */
const COLOURS = /\x1b\[[0-9;:]*m/y;

/** A text as it may be shown in a terminal: of control characters, only newlines, tabs and colours are left. Pure. */
export function showable(text: string): string {
  let shown = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code > 0x9f || code === 0x0a || code === 0x09) continue;
    shown += text.slice(from, at);
    from = at + 1;
    COLOURS.lastIndex = at;
    const colour = COLOURS.exec(text)?.[0];
    if (colour === undefined) continue;
    shown += colour;
    at += colour.length - 1;
    from = at + 1;
  }
  return shown + text.slice(from);
}

/** A name, a title: on one line. Pure. */
export function showableLine(text: string): string {
  return showable(text).replace(/[\n\t]|\x1b\[[0-9;:]*m/g, "");
}
