import { readdirSync, readFileSync } from "node:fs";

/** Names what the files in shell/ hold. A macro: it runs when the program is built, so that no start reads them. */
export function shellHash(): string {
  const folder = `${import.meta.dir}/shell`;
  const texts = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"));
  return Bun.hash(texts.join("\0")).toString(36);
}
