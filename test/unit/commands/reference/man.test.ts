import { expect, test } from "bun:test";
import { commandPage, manPage, topicPage } from "../../../../src/commands/reference/man.ts";
import { PAGES } from "../../../../src/commands/reference/pages.ts";
import { describeCommands } from "../../../../src/commands/reference/usage.ts";

const commands = await describeCommands();
const overview = manPage(commands, "1.2.3");
const all = [
  overview,
  ...commands.map((one) => commandPage(one, "1.2.3")),
  ...PAGES.map((name) => topicPage(name, "1.2.3")),
];
const pageOf = (name: string) => {
  const found = commands.find((one) => one.name === name);
  if (!found) throw new Error(`there is no command ${name}`);
  return commandPage(found, "1.2.3");
};

test("the man page holds every command", () => {
  expect(overview).toContain(".B pane\\-run <session> <pane> [\\-\\-timeout S]");
  expect(overview).toContain("write it in RE2 syntax; \\e(");
});

test("no page has anything that roff would take for its own, or a letter that it does not know", () => {
  for (const line of all.join("\n").split("\n")) {
    expect(line).toMatch(/^(\.(TH|SH|SS|TP|IP|PP|B|BR|RS|RE|ad|nh|nf|fi|br)\b[^\x80-\uffff]*|(?![.'])[\x00-\x7f]*)$/);
  }
});

test("what is a list in a command's notes is one in its page", () => {
  const page = pageOf("subscribe");
  expect(page).toContain("\n.TP\n.B timeout PANE SECONDS [CALLBACK]\nonce, after so many seconds\n.TP\n");
  expect(page).toContain("\n.PP\nTYPES, AND WHAT THEY TAKE\n.TP\n");
});

test("a page of help has its title as its name, and what else it holds below", () => {
  const page = topicPage("exit-codes", "1.2.3");
  expect(page).toContain(
    ".SH NAME\nclaude\\-tmux\\-exit\\-codes \\- Exit codes\n.SH DESCRIPTION\n.TP\n\\fB0\\fR\ndone, or yes\n",
  );
  expect(topicPage("recipes", "1.2.3")).toContain("\n.SH A build that people can watch\n");
});

test.skipIf(Bun.which("groff") === null)("groff has nothing to say of them, and prose fits into 80 columns", () => {
  const input = new TextEncoder().encode(`${all.join("\n")}\n`);
  const groff = Bun.spawnSync(["groff", "-ww", "-man", "-Tutf8", "-P-cbou", "-rLL=80n"], { stdin: input });
  expect(groff.stderr.toString()).toBe("");
  const prose = groff.stdout
    .toString()
    .split("\n")
    .filter((line) => /^ {7}[A-Z][a-z]/.test(line));
  expect(prose.length).toBeGreaterThan(100);
  expect(prose.filter((line) => Bun.stringWidth(line) > 80)).toEqual([]);
});
