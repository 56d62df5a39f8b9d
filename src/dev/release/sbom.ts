import { existsSync, readFileSync } from "node:fs";
import { LICENSE, SUMMARY, VERSION } from "../../lib/self.ts";
import type { Place } from "./about.ts";

/** What bun.lock says, as far as it is read here. */
export interface Lock {
  workspaces: Record<string, { dependencies?: Record<string, string>; devDependencies?: Record<string, string> }>;
  packages: Record<string, readonly unknown[]>;
}

/** A package that the program has in it, and what it wants itself. */
interface Part {
  name: string;
  version: string;
  /** the checksum that npm has of it, as in package.json; undefined for Bun's runtime, of which each platform has its own */
  integrity: string | undefined;
  wants: readonly string[];
}

/**
 * What the program is made of, as CycloneDX 1.6 has it (cyclonedx.org/docs/1.6/json): the packages that bun.lock names for
 * it, those that they want, and the runtime of Bun. What only builds and tests want is not in it. The same makes the same.
 * @param licenseOf the licence of a package that is installed, as its package.json has it
 * @throws Error for a package that the lock doesn't have
 */
export function sbom(
  lock: Lock,
  { place, time, licenseOf }: { place: Place; time: number; licenseOf: (name: string) => string | undefined },
) {
  const workspace = lock.workspaces[""];
  const direct = Object.keys(workspace?.dependencies ?? {});
  const runtime = { ...part(lock, "bun"), integrity: undefined, wants: [] };
  const parts: Part[] = [runtime, ...reached(lock, direct)].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const refs = new Map(parts.map(({ name, version }) => [name, purl(name, version)]));
  const own = purl("claude-tmux", VERSION);
  const refsOf = (names: readonly string[]) => names.map((name) => refs.get(name) ?? "").toSorted();
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${Bun.randomUUIDv5(`${own} ${time}`, "url")}`,
    version: 1,
    metadata: {
      timestamp: new Date(time * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": own,
        name: "claude-tmux",
        version: VERSION,
        description: SUMMARY,
        licenses: [{ license: { id: LICENSE } }],
        purl: own,
        ...(place.home === undefined ? {} : { externalReferences: [{ type: "vcs", url: place.home }] }),
      },
    },
    components: parts.map(({ name, version, integrity }) => {
      const license = licenseOf(name);
      return {
        type: name === "bun" ? "platform" : "library",
        "bom-ref": purl(name, version),
        name,
        version,
        scope: "required",
        ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hex(integrity) }] }),
        ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
        purl: purl(name, version),
      };
    }),
    dependencies: [
      { ref: own, dependsOn: refsOf([...direct, "bun"]) },
      ...parts.map(({ name, version, wants }) => ({ ref: purl(name, version), dependsOn: refsOf(wants) })),
    ],
  };
}

/** The lock of this project. */
export function readLock(path: string): Lock {
  return Bun.JSONC.parse(readFileSync(path, "utf8")) as Lock;
}

/** The SPDX id that the package.json of an installed package has. */
export function installedLicense(modules: string, name: string): string | undefined {
  const path = `${modules}/${name}/package.json`;
  if (!existsSync(path)) return undefined;
  const { license } = JSON.parse(readFileSync(path, "utf8"));
  return typeof license === "string" ? license : undefined;
}

/** The packages of these names and all that they want, each once. */
function reached(lock: Lock, names: readonly string[]): Part[] {
  const found = new Map<string, Part>();
  const queue = [...names];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    const one = part(lock, name);
    found.set(name, one);
    queue.push(...one.wants);
  }
  return [...found.values()];
}

function part({ packages }: Lock, name: string): Part {
  const [id, , about, integrity] = (packages[name] ?? []) as [string?, string?, { dependencies?: object }?, string?];
  if (id === undefined) throw new Error(`bun.lock has no ${name}`);
  const version = id.slice(id.lastIndexOf("@") + 1);
  return { name, version, integrity, wants: Object.keys(about?.dependencies ?? {}) };
}

/** The address of a package of npm (github.com/package-url/purl-spec). */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** The bytes of a checksum `sha512-BASE64`, in hexadecimal digits. */
function hex(integrity: string): string {
  return Buffer.from(integrity.slice(integrity.indexOf("-") + 1), "base64").toString("hex");
}
