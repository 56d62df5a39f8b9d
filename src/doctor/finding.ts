/** What the doctor found in one respect. */
export type Finding = Good | Advised;

interface Found {
  /** what was looked at, in a word or two */
  check: string;
  /** what there is */
  message: string;
}

interface Good extends Found {
  verdict: "ok";
  advice?: never;
}

interface Advised extends Found {
  /** note: good to know; warning: something works less well than it could; error: something does not work */
  verdict: "note" | "warning" | "error";
  /** what to do */
  advice: string;
}

/** The worst verdict; a note is none. Pure. */
export function worstOf(findings: readonly Pick<Finding, "verdict">[]): "ok" | "warning" | "error" {
  const verdicts = findings.map(({ verdict }) => verdict);
  return verdicts.includes("error") ? "error" : verdicts.includes("warning") ? "warning" : "ok";
}
