/** What the doctor found in one respect. */
export interface Finding {
  /** what was looked at, in a word or two */
  check: string;
  /** note: good to know; warning: something works less well than it could; error: something does not work */
  verdict: "ok" | "note" | "warning" | "error";
  /** what there is */
  message: string;
  /** what to do; only with a warning or an error */
  advice?: string;
}

/** The worst verdict; a note is none. Pure. */
export function worstOf(findings: readonly Finding[]): "ok" | "warning" | "error" {
  const verdicts = findings.map(({ verdict }) => verdict);
  return verdicts.includes("error") ? "error" : verdicts.includes("warning") ? "warning" : "ok";
}
