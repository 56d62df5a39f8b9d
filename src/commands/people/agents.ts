import type { InferOutput } from "valibot";
import { humanDuration } from "../../lib/clock.ts";
import { type Column, columns } from "../../lib/columns.ts";
import { type Tone, type Toned, toned } from "../../lib/toned.ts";
import type { AgentAnswered, AgentList, AgentPrompted, AgentReached, AgentStatus } from "../results/agent.ts";
import { facts, folder, page, since, table, words } from "./lines.ts";
import type { People, ResultOf, View } from "./view.ts";

type Verdict = InferOutput<typeof AgentReached>["output"];

const TONES: Readonly<Partial<Record<Verdict["state"], Tone>>> = {
  waiting: "warn",
  failed: "bad",
  dead: "bad",
  idle: "good",
  done: "good",
  unknown: "dim",
};

/** Every agent, a line each, those first that need somebody. */
export const agentList: People<ResultOf<typeof AgentList>> = ({ output }, view) => {
  if (output.length === 0) return view.quiet ? undefined : words("No coding agent runs in these panes", view);
  const heads: Column[] = [
    { head: "PANE", cut: "never" },
    { head: "LABEL", isOptional: true },
    { head: "AGENT", cut: "never" },
    { head: "STATE", cut: "never" },
    { head: "SINCE", cut: "never" },
    { head: "FOLDER", cut: "start", isOptional: true },
    { head: "SAID LAST", least: 20 },
  ];
  const rows = output.map((one) => [
    toned(`${one.session}:${one.pane_id}`, "strong"),
    one.label,
    one.kind ?? "",
    stateOf(one),
    since(one.since, view),
    folder(one.cwd, view),
    (one.said ?? "").replaceAll(/\s+/g, " "),
  ]);
  return page(columns(heads, rows, view));
};

/** What runs in one pane, and with --explain what each source says. */
export const agentStatus: People<ResultOf<typeof AgentStatus>> = ({ output }, view) => {
  const heads: Column[] = [{ head: "SOURCE" }, { head: "SAYS" }, { head: "AGE", cut: "never" }];
  const rows = (output.readings ?? []).map((one) => [
    one.source,
    one.state === null ? toned("nothing", "dim") : stateOf({ state: one.state, for: one.for }),
    one.age_s === null ? "" : humanDuration(one.age_s),
  ]);
  return page(head(output, view), known(output, view), table("Sources", heads, rows, view));
};

/** That an agent has come to where it was waited for. */
export const agentReached: People<ResultOf<typeof AgentReached>> = ({ output }, view) =>
  page(head(output, view), view.quiet ? undefined : known(output, view));

/** What became of a prompt, and with --wait how its turn ended. */
export const agentPrompted: People<ResultOf<typeof AgentPrompted>> = ({ output, details: { turn } }, view) => {
  const ended = turn && stateOf(turn);
  return page(
    view.quiet ? undefined : words(output, view),
    turn?.message ? words(turn.message, view) : undefined,
    ended && words(ended.text, view, ended.tone),
  );
};

/** What was answered. */
export const agentAnswered: People<ResultOf<typeof AgentAnswered>> = ({ output, details }, view) => {
  const { for: wait, choice } = details;
  const what = choice === null ? "the dialog was closed, which refuses" : `"${choice}"`;
  return view.quiet ? undefined : words(`${output} the ${wait}: ${what}`, view);
};

function head(one: Verdict, view: View): string {
  const { text, tone } = stateOf(one);
  return words(`${one.kind ?? "no agent"} in ${one.session}:${one.pane_id}: ${text}`, view, tone);
}

function known(one: Verdict, view: View): string[] {
  return facts(
    [
      ["Because", one.because],
      ["Since", since(one.since, view)],
      ["Folder", folder(one.cwd, view)],
      ["Conversation", one.conversation],
      ["Title", one.title],
      ["Said last", one.said?.replaceAll(/\s+/g, " ")],
    ],
    view,
  );
}

function stateOf({ state, for: wait }: Pick<Verdict, "state" | "for">): Toned {
  return toned(wait === null ? state : `${state} for ${wait}`, TONES[state]);
}
