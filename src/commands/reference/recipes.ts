import { dockerLines, type Installation, kubernetesLines } from "../../install/texts.ts";

/** A task, and what does it: as it stands, without anything that would have to be filled in first. */
export interface Recipe {
  /** what it is for, in a few words */
  title: string;
  /** what to know, in lines */
  about: string;
  /** the file, or the command lines, as they are */
  text: string;
  /** what it is written in, as Markdown names it: sh unless told otherwise */
  language?: string;
}

const ANYWHERE: Installation = { name: "claude-tmux", program: ["claude-tmux"], serverFlags: [], environment: {} };

/** Makes a session that no other run has, says why where it can't, and ends it with the script, whatever ends that. */
const OWN_SESSION = (name: string) => `s=${name}-$$
made=$(claude-tmux session-create "$s" --cwd "$PWD") || { echo "$made" >&2; exit 1; }
trap 'claude-tmux session-kill "$s" --tree > /dev/null' EXIT
trap 'exit 1' HUP INT TERM`;

/** The recipes; a test runs each, twice, as `help recipes` prints it. */
export const RECIPES: readonly Recipe[] = [
  {
    title: "A build that people can watch",
    about:
      "It stops at the first step that fails, and exits as that step did. Its session, such as ci-4711, ends with it.",
    text: `${OWN_SESSION("ci")}
code=0
for step in "npm ci" "npm test" "npm run build"; do
  claude-tmux pane-run "$s" main --timeout 15m -- "$step" > step.json || code=$?
  jq -r '.output, .partial_output // empty' step.json
  [ "$code" -eq 0 ] || break
done
exit "$code"`,
  },
  {
    title: "Several agents, each with a task of its own",
    about: `Starts Claude Code on the tasks in api.md and web.md, and tells you when one of them needs somebody:
it asks for a permission or an answer, its turn ended with an error, or it was killed. One that is there already goes on.`,
    text: `claude-tmux daemon ensure --auto-restart --quiet
claude-tmux session-create agents --cwd "$PWD" > /dev/null
for name in api web; do
  claude-tmux pane-find agents "$name" > /dev/null && continue
  claude-tmux pane-create agents "$name" > /dev/null || exit
  claude-tmux daemon subscribe agents agent-state "$name" waiting,failed,dead \\
    'notify-send "$CLAUDE_TMUX_LABEL: $CLAUDE_TMUX_STATE $CLAUDE_TMUX_FOR"'
  claude-tmux pane-exec agents "$name" -- claude "$(cat "$name.md")" > /dev/null
done`,
  },
  {
    title: "The next prompt, when the first is done",
    about: "--key gives it once, also if this is run again; --queue waits its turn; --wait until that is over.",
    text: `claude-tmux agent-prompt agents api --key tests --queue --wait --timeout 30m -- "Now test it" |
  jq -er .turn.message`,
  },
  {
    title: "A deploy with a deadline",
    about: `Rolled back if it has not said that it is live within ten minutes, or has ended without. What the last one has left
running in its pane is ended first.`,
    text: `claude-tmux session-create prod --cwd "$PWD" > /dev/null
left=$(claude-tmux pane-graceful-shutdown prod main) || { echo "$left" >&2; exit 1; }
claude-tmux pane-exec prod main ./deploy.sh > /dev/null
if claude-tmux pane-watch-timeout prod main "^live at " 10m > live.json; then exit; fi
jq -r .output live.json
claude-tmux pane-graceful-shutdown prod main > /dev/null
claude-tmux pane-run prod main -- ./rollback.sh | jq -r .output
exit 1`,
  },
  {
    title: "cron",
    language: "crontab",
    about: `Lines for crontab -e, for a program that install.sh has put there. cron's own PATH may lack tmux. The first line
keeps the daemon alive (claude-tmux install cron prints it for where yours is); the second is a job of your own.`,
    text: `PATH=/usr/local/bin:/usr/bin:/bin
* * * * * "$HOME/.local/bin/claude-tmux" daemon ensure --auto-restart --quiet 2>&1
0 3 * * * c="$HOME/.local/bin/claude-tmux"; "$c" session-create ops > /dev/null 2>&1; "$c" pane-run ops main --timeout 1h --compact -- "$HOME/backup.sh" >> "$HOME/backup.jsonl"`,
  },
  {
    title: "Docker",
    language: "dockerfile",
    about: "The whole Dockerfile, as claude-tmux install docker prints it.",
    text: dockerLines(ANYWHERE).trimEnd(),
  },
  {
    title: "Kubernetes",
    language: "yaml",
    about: "A whole Pod of that image, for kubectl apply --filename.",
    text: `apiVersion: v1
kind: Pod
metadata:
  name: claude-tmux
spec:
  # the first process of the pod reaps what callbacks leave
  shareProcessNamespace: true
  containers:
    - name: claude-tmux
      image: claude-tmux
      imagePullPolicy: IfNotPresent
      command: ["claude-tmux", "watchdog", "run"]
${kubernetesLines(ANYWHERE)
  .trimEnd()
  .replace(/^#.*\n/, "")
  .replace(/^(?=.)/gm, "      ")}`,
  },
  {
    title: "CI: a server, and tests against it",
    about: "The tests begin when it listens. If it exits before, so does this, with what it wrote.",
    text: `${OWN_SESSION("e2e")}
claude-tmux pane-exec "$s" main "npm run serve" > /dev/null
code=0
if claude-tmux pane-watch-timeout "$s" main "listening on [0-9]+" 60 > server.json; then
  npm run e2e || code=$?
else
  code=1
  jq -r '.output, .last_lines[]?' server.json
fi
exit "$code"`,
  },
  {
    title: "A REPL, a debugger, anything that asks",
    about: "The answer, and only that, when it is there; nothing is typed where there is no such program.",
    text: `${OWN_SESSION("repl")}
claude-tmux pane-exec "$s" main "python3 -q" > /dev/null
claude-tmux pane-watch-timeout "$s" main ">>>" 10 --existing > /dev/null &&
  claude-tmux pane-ask "$s" main --timeout 1m -- "print(6 * 7)" | jq -r .output`,
  },
  {
    title: "A password",
    about: "It stands in no argument, no log and no history. A shell at its prompt is not given it.",
    text: `claude-tmux pane-exec dev main "sudo apt-get update" > /dev/null
claude-tmux pane-watch-timeout dev main "password for" 10 > /dev/null &&
  [ "$(claude-tmux pane-screen dev main | jq -r .output.waiting_for)" = password ] &&
  pass show sudo | claude-tmux pane-ask dev main - | jq -r .output`,
  },
  {
    title: "Stop what runs",
    about: `Ctrl-C, then SIGTERM, then SIGKILL, until the shell is back at its prompt; and the whole session, with what goes
on after its terminal has gone (nohup, setsid). Where there is none of it, that is what is printed.`,
    text: `claude-tmux pane-graceful-shutdown dev main 20 | jq -c '.error // {method, exit_code, survivors}'
claude-tmux session-kill dev --tree | jq -c '.error // {ended, survivors}'`,
  },
  {
    title: "Sessions that end by themselves",
    about: `With the script that made them, or after an hour without anything happening there. The daemon looks after them;
gc-run --dry-run says what it would do, and why. One that it ends was saved before.`,
    text: `claude-tmux gc-enable > /dev/null
claude-tmux session-create "job-$$" --owner-pid "$$" --note "nightly import" > /dev/null
claude-tmux session-create scratch --ttl 1h > /dev/null
claude-tmux gc-run --dry-run | jq -c '{collected, kept}'`,
  },
  {
    title: "Before an upgrade of the machine",
    about: "A snapshot of a session; after it, the session again, with all that its panes showed.",
    text: `claude-tmux session-save dev --note "before the upgrade" | jq -r .output
claude-tmux session-restore dev --dry-run | jq -c .missing`,
  },
  {
    title: "Every event, to somewhere else",
    about: "None is missed, although the daemon or this script is restarted. $HOOK is the address.",
    text: `while sleep 1; do
  claude-tmux daemon events --follow --since "$(cat seq 2>/dev/null || echo 0)" | while read -r event; do
    until curl -fsS -d "$event" "$HOOK"; do sleep 5; done
    printf '%s\\n' "$event" | jq .seq > seq.new && mv seq.new seq
  done
done`,
  },
];

/** The recipes as a page in Markdown. Pure. */
export function recipesText(): string {
  const intro =
    "What ends with `exit`, or has a `trap`, is for a file of its own, such as `build.sh`. `jq` takes one value out of an\nanswer. Each can be run again.";
  const all = RECIPES.map(
    ({ title, about, text, language = "sh" }) => `## ${title}\n\n${about}\n\n\`\`\`${language}\n${text}\n\`\`\``,
  );
  return ["# Recipes", intro, ...all].join("\n\n");
}
