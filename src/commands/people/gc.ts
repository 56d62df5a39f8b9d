import { humanDuration } from "../../lib/clock.ts";
import type { Column } from "../../lib/columns.ts";
import { toned } from "../../lib/toned.ts";
import type { GarbageStatus } from "../results/gc.ts";
import { facts, page, since, table, words } from "./lines.ts";
import type { People, ResultOf } from "./view.ts";

/** Whether and when it is collected, and what would be. */
export const gcStatus: People<ResultOf<typeof GarbageStatus>> = ({ output, details }, view) => {
  const { ttl_s: ttlS, last_run: last, last_collected: count, sessions } = details;
  const heads: Column[] = [
    { head: "SESSION" },
    { head: "NEXT", cut: "never" },
    { head: "WHY", least: 40 },
    { head: "QUIET", cut: "never", isOptional: true },
    { head: "NOTE", isOptional: true },
    { head: "MADE", cut: "never", isOptional: true },
    { head: "BY", isOptional: true },
  ];
  const rows = sessions.map((one) => [
    toned(one.session, "strong"),
    one.due ? toned("ends", "warn") : toned(one.keep ? "kept" : "stays", "good"),
    one.why,
    one.idle_s === null ? "" : humanDuration(one.idle_s),
    one.note ?? "",
    since(one.made_at, view),
    toned(one.made_by, "dim"),
  ]);
  return page(
    words(output, view),
    facts(
      [
        ["Time to live", humanDuration(ttlS)],
        ["Last time", last === null ? "" : `${since(last, view)}, ${count ?? 0} collected`],
      ],
      view,
    ),
    table("Sessions", heads, rows, view),
  );
};
