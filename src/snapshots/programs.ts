import { baseName } from "../lib/names.ts";

const EDITORS = "vi vim view nvim nano emacs less more most man".split(" ");
const VIEWERS = "top htop btop".split(" ");

/**
 * Whether a program can be started again by nobody's leave: an editor or a pager of plain files, `tail -f` of them, a view of
 * what goes on, each by its name or in a folder of the system. Pure.
 * @param isPlain of a coding agent: whether it does no more than go on with its conversation
 */
export function isSafeToStart(argv: readonly string[], isPlain?: boolean): boolean {
  if (isPlain !== undefined) return isPlain;
  const [program = "", ...args] = argv;
  const name = baseName(program);
  if (program !== name && !/^\/(usr\/)?(local\/)?bin\/[^/]+$/.test(program)) return false;
  if (VIEWERS.includes(name)) return args.length === 0;
  if (name === "tail") return isFollowing(args);
  return EDITORS.includes(name) && args.length > 0 && args.every(isPlainFile);
}

/** No option, no command (`+!x`), and no address that an editor would open (`term://x`, `/ssh:host:`, `scp://x`). */
function isPlainFile(word: string): boolean {
  return /^[^-+\p{Cc}:][^\p{Cc}:]*$/u.test(word);
}

function isFollowing(args: readonly string[]): boolean {
  const rest = args.filter(
    (word, i) => !/^(-[fF]|-n|-\d+)$/.test(word) && !(args[i - 1] === "-n" && /^\+?\d+$/.test(word)),
  );
  return args.some((word) => word === "-f" || word === "-F") && rest.length > 0 && rest.every(isPlainFile);
}
