import type { Shown } from "../../lib/toned.ts";
import type { Result } from "../bridge/reply.ts";
import { facts, nameText, page, section, table, valueText, words } from "./lines.ts";
import type { People, View } from "./view.ts";

type Row = Record<string, unknown>;

/**
 * What has no form of its own: the output, if that is a text, then a warning, and the further facts by their names. Lists of
 * records are tables; what is not known, empty lists and "no" are left out, and what the output says itself.
 */
export const general: People<Result> = ({ output, details = {} }, view) => {
  if (view.quiet) return typeof output === "string" ? words(output, view) : undefined;
  const { warning, dry_run: _, ...rest } = details as Row;
  const all = typeof output === "string" ? rest : { output, ...rest };
  const lists = Object.entries(all).filter(([, value]) => isNested(value));
  const single = Object.entries(all).filter(([, value]) => !isNested(value) && value !== false);
  return page(
    typeof output === "string" && output !== "" ? words(output, view) : undefined,
    typeof warning === "string" ? words(warning, view, "warn") : undefined,
    facts(
      single.map(([name, value]) => [nameText(name), valueText(name, value, view)]),
      view,
    ),
    lists.flatMap(([name, value]) => nested(nameText(name), value, view)),
  );
};

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function nested(name: string, value: unknown, view: View): string[] {
  if (!Array.isArray(value)) {
    const pairs = Object.entries(value as Row).map(([key, each]): [string, Shown] => [
      nameText(key),
      valueText(key, each, view),
    ]);
    return section(name, facts(pairs, view), view);
  }
  const records = value.filter(isNested) as Row[];
  if (records.length === 0) {
    return section(
      name,
      value.map((each) => words(`${each}`, view)),
      view,
    );
  }
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const heads = keys.map((key) => ({ head: nameText(key).toUpperCase() }));
  return table(
    name,
    heads,
    records.map((record) => keys.map((key) => valueText(key, record[key], view))),
    view,
  );
}
