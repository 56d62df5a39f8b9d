/** One of the choices that a dialog of an agent offers. */
export interface Choice {
  /** from 1 on */
  number: number;
  label: string;
  /** whether Enter would choose it */
  isSelected: boolean;
  /** what stands before the one that is selected */
  marker: string;
  /** where it is clicked, in a dialog that does not tell in words which one is selected */
  spot?: Spot;
}

/** Where something is shown, from 1 on, and what stands in that row up to the last of the choices. */
export interface Spot {
  column: number;
  row: number;
  line: string;
}

/** `❯ 1. Yes`, in a box or not. */
const CHOICE = /^(?:\u2502 )? *([\u276f\u203a\u25cf])? *(\d{1,2})\. +(\S.*?)(?: *\u2502)?$/;
/** Below the last choice are at most so many rows that are not blank: what it is about, keys, a border, a status line. */
const BELOW_ROWS = 6;

/** A dialog, and what it is about. */
export interface Dialog {
  choices: Choice[];
  /** what stands above the choices, as far as it belongs to them, and they themselves, whichever is selected */
  text: string;
}

/** Of what stands above the choices, so many rows say what they are about. */
const ABOVE_ROWS = 8;

/** The dialog at the end of a screen; undefined where choicesOn() finds none. Pure. */
export function dialogOn(rows: readonly string[]): Dialog | undefined {
  const choices = choicesOn(rows);
  if (choices.length === 0) return undefined;
  const shown = rows.map((row) => row.trimEnd()).filter((row) => row !== "");
  const first = shown.findLastIndex((row) => CHOICE.exec(row)?.[2] === "1");
  const above = shown.slice(Math.max(0, first - ABOVE_ROWS), first);
  return { choices, text: [...above, ...choices.map(({ number, label }) => `${number}. ${label}`)].join("\n") };
}

/**
 * The choices of the dialog that stands at the end of a screen; none where there is no such dialog, or it can't be told which of
 * them is selected. Pure.
 * @param rows the rows that the terminal shows now, from the top
 */
export function choicesOn(rows: readonly string[]): Choice[] {
  const shown = rows.map((row) => row.trimEnd()).filter((row) => row !== "");
  const found = shown.map((row) => CHOICE.exec(row));
  const first = found.findLastIndex((match) => match?.[2] === "1");
  const choices: Choice[] = [];
  let last = first;
  for (let i = Math.max(0, first); i < found.length; i++) {
    const match = found[i];
    if (Number(match?.[2]) !== choices.length + 1) continue; // what belongs to the choice above, or to no dialog
    last = i;
    const [, marker = "", number, label = ""] = match ?? [];
    choices.push({ number: Number(number), label, isSelected: marker !== "", marker });
  }
  const isAtEnd = first !== -1 && found.length - last <= BELOW_ROWS + 1;
  return isAtEnd && choices.filter(({ isSelected }) => isSelected).length === 1 ? choices : [];
}

/** How something is answered: by a choice, with words in its place or not, or by closing the dialog. */
export type Answer = { choice: Choice; words?: string } | { escape: true };

/**
 * What an answer means to a dialog: a number, or the beginning of one choice's label; of a permission `yes`, to this alone and not for
 * good, and `no`. Undefined for what it does not offer. Pure.
 */
export function answerTo(choices: readonly Choice[], answer: string, isPermission: boolean): Answer | undefined {
  const word = answer.trim().toLowerCase();
  if (isPermission && word === "no") return { escape: true };
  const first = choices[0];
  if (isPermission && word === "yes") {
    return first && /^(yes|allow)\b/i.test(first.label) ? { choice: first } : undefined;
  }
  if (/^\d+$/.test(word))
    return byIndex(
      choices,
      choices.findIndex(({ number }) => `${number}` === word),
    );
  const labels = choices.map(({ label }) => label.toLowerCase());
  const exact = labels.indexOf(word);
  if (exact !== -1) return byIndex(choices, exact);
  const like = labels.flatMap((label, i) => (word !== "" && label.startsWith(word) ? [i] : []));
  return like.length === 1 ? byIndex(choices, like[0] as number) : undefined;
}

/**
 * An answer as words of one's own, where a question takes such; undefined where it does not, for what is no line, and for what may
 * be a choice that was mistyped: one word (`7`, `yes`, `Bleu`), or the beginning of several choices. Pure.
 * @param ownWords the choice that they take the place of (see AgentKind)
 */
export function inOwnWords(
  choices: readonly Choice[],
  answer: string,
  ownWords: RegExp | undefined,
): Answer | undefined {
  const words = answer.trim();
  const choice = ownWords && choices.find(({ label }) => ownWords.test(label));
  const isBeginning = choices.some(({ label }) => label.toLowerCase().startsWith(words.toLowerCase()));
  const isOwn = /\S\s+\S/.test(words) && !isBeginning && !/[\x00-\x1f\x7f-\x9f]/.test(words);
  return choice && isOwn ? { choice, words } : undefined;
}

function byIndex(choices: readonly Choice[], index: number): Answer | undefined {
  const choice = choices[index];
  return choice && { choice };
}
