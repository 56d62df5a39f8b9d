import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LICENSE, SUMMARY, VERSION } from "../../lib/self.ts";
import { NOT_ANTHROPIC, type Place } from "./about.ts";
import { type Entry, tar } from "./tar.ts";
import type { Target } from "./targets.ts";
import { manPages, type Texts } from "./texts.ts";

/** Of which Node on it starts. */
const NODE = ">=18";

/** The platform of a package of npm, as Target has it. */
export type Platform = NonNullable<Target["npm"]>;

/** The name of the npm package that holds the program of a platform. Pure. */
export function platformPackage({ os, cpu, libc }: Platform): string {
  return `@claude-tmux/${os}-${cpu}${libc === "musl" ? "-musl" : ""}`;
}

/** The file name that `npm pack` would give to a package of this version. Pure. */
export function packedName(name: string): string {
  return `${name.replace("@", "").replace("/", "-")}-${VERSION}.tgz`;
}

/** The npm package of a platform, not compressed: the program and nothing that runs at installation. Pure. */
export function platformTarball(
  platform: Platform,
  program: Uint8Array,
  { texts, place, time }: { texts: Texts; place: Place; time: number },
): Uint8Array<ArrayBuffer> {
  const { os, cpu, libc } = platform;
  const name = platformPackage(platform);
  const described = `The program of claude-tmux for ${name.slice(name.indexOf("/") + 1)}.`;
  const manifest = {
    ...common(name, described, place),
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    preferUnplugged: true,
  };
  const readme = `# ${name}\n\n${described} Install \`claude-tmux\`, which brings it.\n\n${NOT_ANTHROPIC}\n`;
  return packed(manifest, [{ path: "bin/claude-tmux", data: program, runs: true }], { ...texts, readme }, time);
}

/**
 * The npm package `claude-tmux`, not compressed: a launcher (launcher.cjs, which is read) that starts the program of the
 * platform's package.
 * @param platforms those that have a package
 */
export function launcherTarball(
  platforms: readonly Platform[],
  { texts, place, time }: { texts: Texts; place: Place; time: number },
): Uint8Array<ArrayBuffer> {
  const manifest = {
    ...common("claude-tmux", `${SUMMARY}. ${NOT_ANTHROPIC}`, place),
    keywords: ["tmux", "terminal", "agents", "mcp", "cli"],
    bin: { "claude-tmux": "bin/claude-tmux.cjs" },
    man: manPages(texts).map(([name]) => `man/${name}`),
    engines: { node: NODE },
    optionalDependencies: Object.fromEntries(platforms.map((platform) => [platformPackage(platform), VERSION])),
  };
  const files: Entry[] = [
    { path: "bin/claude-tmux.cjs", data: readFileSync(join(import.meta.dir, "launcher.cjs")), runs: true },
    ...manPages(texts).map(([name, source]) => ({ path: `man/${name}`, data: source })),
    { path: "CHANGELOG.md", data: texts.changelog },
  ];
  return packed(manifest, files, texts, time);
}

function common(name: string, description: string, { home }: Place) {
  // npm takes a statement of provenance only with the repository that it names
  const links = home === undefined ? {} : { homepage: home, repository: { type: "git", url: `git+${home}.git` } };
  return { name, version: VERSION, description, license: LICENSE, ...links };
}

function packed(manifest: object, files: readonly Entry[], texts: Pick<Texts, "readme" | "license">, time: number) {
  const all: Entry[] = [
    ...files,
    { path: "package.json", data: `${JSON.stringify(manifest, undefined, 2)}\n` },
    { path: "README.md", data: texts.readme },
    { path: "LICENSE", data: texts.license },
  ];
  return tar(
    all.map((file) => ({ ...file, path: `package/${file.path}` })),
    time,
  );
}
