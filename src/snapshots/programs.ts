import { baseName } from "../lib/names.ts";

const EDITORS = "vi vim view nvim nano emacs less more most man".split(" ");
const VIEWERS = "top htop btop".split(" ");

/**
 * Whether a program can be started again by nobody's leave: an editor or a pager of plain files, `tail -f` of them, a view of
 * what goes on. Nothing in their arguments is an option that could do more. Pure.
 */
export function isSafeToStart(argv: readonly string[]): boolean {
  const [program = "", ...args] = argv;
  const name = baseName(program);
  // a file whose name is a command to vi or less (`+!cmd`, `-c`), or is one's own program under such a name
  if (program.includes("/") && !/^\/(usr\/)?(local\/)?s?bin\//.test(program)) return false;
  const arePlain = (words: readonly string[]) => words.every((word) => /^[^-+\p{Cc}][^\p{Cc}]*$/u.test(word));
  if (VIEWERS.includes(name)) return args.length === 0;
  if (name === "tail") return isFollowing(args) && arePlain(args.filter((word) => !/^(-[fF]|-n|\+?-?\d+)$/.test(word)));
  return EDITORS.includes(name) && args.length > 0 && arePlain(args);
}

function isFollowing(args: readonly string[]): boolean {
  return (
    args.some((word) => word === "-f" || word === "-F") &&
    args.every((word) => !/^-/.test(word) || /^-([fF]|n|\d+)$/.test(word))
  );
}
