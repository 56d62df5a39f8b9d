import { expect, test } from "bun:test";
import { isHarmlessForLess, whyUnsafe } from "../../../src/snapshots/programs.ts";

const wordsOf = (line: string) => line.split(" ");

test.each(
  `vim|nvim|nano|less|vim a.txt b.txt|vim +5 x|vim + x|vim -R x|vim -Rn x|vim -p a b|vim -o2 a b|vim -O a b|vim -d a b|view x|vimdiff a b
vim -- x|nano -l +5,3 x|nano -lT 4 x|emacs -nw +5:2 x|/usr/bin/less /var/log/syslog|less -NRS x|less -N -i -F -X x|less +F x|less +G x|less +50 x
less -x4 x|less -Rx 4 x|less --chop-long-lines --wheel-lines=3 x|less +50g x|more +5 x|nvim notes|man tmux|man 3 printf|man -s 3 printf|man [
tail -f log|tail -F -n 20 log|tail -n 20 -f log|tail -100f log|tail -fn5 log|tail -fc +10k log|tail --follow=name --retry --lines=5 log|tail -qf a b
top|top -d 2 -u me|top -d2 -Hc -o %CPU|top -i|htop|htop -d 10 -u me --tree|btop`
    .split(/[|\n]/)
    .map((line) => [line]),
)("%s is safe", (line) => {
  expect(whyUnsafe(wordsOf(line))).toBeUndefined();
});

test.each([
  ["vim -c !evil x", 'its option "-c" '],
  ["vim -Rc !evil x", 'its option "-Rc" '],
  ["vim +!evil x", 'its word "+!evil" '],
  ["vim +/x|!evil x", 'its word "+/x|!evil" '],
  ["vim +call\u00a0x x", 'its word "+call\u00a0x" '],
  ["vim -S x", 'its option "-S" '],
  ["vim -u x", 'its option "-u" '],
  ["vim --cmd x y", 'its option "--cmd" '],
  ["vim -s x", 'its option "-s" '],
  ["vim -w x", 'its option "-w" '],
  ["vim -W x", 'its option "-W" '],
  ["vim -q x", 'its option "-q" '],
  ["vim -t x", 'its option "-t" '],
  ["vim -i x", 'its option "-i" '],
  ["vim -", 'its word "-" '],
  ["nvim -l evil.lua", 'its option "-l" '],
  ["nvim term://evil", 'its word "term://evil" '],
  ["nvim --listen x", 'its option "--listen" '],
  ["nano -s evil x", 'its option "-s" '],
  ["emacs /ssh:host:/x", 'its word "/ssh:host:/x" '],
  ["emacs --eval x", 'its option "--eval" '],
  ["emacs -f evil", 'its option "-f" '],
  ["less +!evil x", 'its word "+!evil" '],
  ["less +50!evil x", 'its word "+50!evil" '],
  ["less +|evil x", 'its word "+|evil" '],
  ["less +sx y", 'its word "+sx" '],
  ["less ++F x", 'its word "++F" '],
  ["less -o x y", 'its option "-o" '],
  ["less -NO x y", 'its option "-NO" '],
  ["less -Rkx y", 'its option "-Rkx" '],
  ["less -x4!evil y", 'its option "-x4!evil" '],
  ["less -x", 'its option "-x" '],
  ["less --lesskey-src=x y", 'its option "--lesskey-src=x" '],
  ["less --log-file=x y", 'its option "--log-file=x" '],
  ["less --LOG-FILE=x y", 'its option "--LOG-FILE=x" '],
  ["man -P evil x", 'its option "-P" '],
  ["man -Hevil x", 'its option "-Hevil" '],
  ["man ./evil.1", 'its word "./evil.1" '],
  ["man", "it was not given the name of a page"],
  ["tail log", "it was not given -f and a file"],
  ["tail -f", "it was not given -f and a file"],
  ["tail --pid 1 -f log", 'its option "--pid" '],
  ["tail -f -s 1 log", 'its option "-s" '],
  ["tail -n -- -f log", 'its option "-n --" '],
  ["top -b", 'its option "-b" '],
  ["top -p 1", 'its option "-p" '],
  ["top x", 'its word "x" '],
  ["top -d", 'its option "-d" '],
  ["htop -p 1", 'its option "-p" '],
  ["./vim x", "what is in that folder "],
  ["/tmp/vim x", "what is in that folder "],
  ["/home/me/bin/less x", "what is in that folder "],
  ["/usr/bin/../../tmp/evil/vim x", "what is in that folder "],
  ["rm x", "it is none of the editors, "],
  ["sh -c x", "it is none of the editors, "],
  ["python3", "it is none of the editors, "],
  ["make", "it is none of the editors, "],
  ["constructor", "it is none of the editors, "],
])("%s is not: %s", (line, why) => {
  expect(whyUnsafe(wordsOf(line))).toStartWith(why);
});

test("nothing is, in which a control character is", () => {
  expect(whyUnsafe(["vim", "a\nb"])).toBeDefined();
  expect(whyUnsafe(["vim", "+5\n!evil"])).toBeDefined();
  expect(whyUnsafe(["less", "-N\n"])).toBeDefined();
  expect(whyUnsafe(["man", "x\n"])).toBeDefined();
});

test("a coding agent is by how it was started", () => {
  expect(whyUnsafe(["claude", "--resume", "x"], { doubt: undefined })).toBeUndefined();
  expect(whyUnsafe(["claude", "--yolo"], { doubt: "it does more" })).toBe("it does more");
});

test.each<[string, boolean]>([
  ["", true],
  ["FRX", true],
  ["-R -i -x4 +G", true],
  ["-R --mouse", true],
  ["-o x", false],
  ["Rk/tmp/keys", false],
  ["-R +!evil", false],
  ["-R$+!evil", false],
  ["--lesskey-content=x", false],
])("of LESS=%s: %p", (value, expected) => {
  expect(isHarmlessForLess(value)).toBe(expected);
});
