import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../../lib/self.ts";
import { shellWord } from "../../lib/shell.ts";
import type { Place } from "./about.ts";
import { archive, archiveName } from "./archive.ts";
import { deb } from "./deb.ts";
import { type Bottled, formula } from "./formula.ts";
import { launcherTarball, packedName, platformPackage, platformTarball } from "./npm.ts";
import { installedLicense, readLock, sbom } from "./sbom.ts";
import type { Target } from "./targets.ts";
import { releaseTexts } from "./texts.ts";

const PROJECT = join(import.meta.dir, "../../..");

/** A release to be made. */
export interface Release {
  /** where its files are put, an absolute path */
  folder: string;
  place: Place;
  /** of all that is in it, seconds since the epoch */
  time: number;
  /** of compression: none, or the best */
  level: 0 | 9;
  /** builds the program of a target, and returns the path of it */
  build: (target: Target) => string;
}

/**
 * Makes the files of a release: for each target an archive, an npm package (in `npm`), and a Debian package where there is
 * one; install.sh, the formula of Homebrew, the list of what is in the program, and SHA256SUMS of all of them. The
 * same sources, Bun and time make the same bytes.
 * @returns the lines of SHA256SUMS
 */
export async function makeRelease(targets: readonly Target[], release: Release): Promise<string> {
  const { folder, place, time, level, build } = release;
  const texts = await releaseTexts();
  const sums = new Map<string, string>();
  const put = (name: string, data: Uint8Array | string): string => {
    writeFileSync(`${folder}/${name}`, data);
    const sum = new Bun.CryptoHasher("sha256").update(data).digest("hex");
    sums.set(name, sum);
    return sum;
  };
  const gzip = (bytes: Uint8Array<ArrayBuffer>) => Bun.gzipSync(bytes, { level });

  mkdirSync(`${folder}/npm`, { recursive: true });
  const bottled: Bottled[] = [];
  for (const target of targets) {
    const program = readFileSync(build(target));
    const file = `${archiveName(target.name)}.tar.gz`;
    const sha256 = put(file, gzip(archive(target.name, program, texts, time)));
    if (target.brew) bottled.push({ brew: target.brew, file, sha256 });
    put(
      `npm/${packedName(platformPackage(target.npm))}`,
      gzip(platformTarball(target.npm, program, { texts, place, time })),
    );
    if (target.deb) {
      const made = deb({ architecture: target.deb, program, texts, place, time, gzip });
      put(`claude-tmux_${VERSION}_${target.deb}.deb`, made);
    }
  }
  const platforms = targets.map(({ npm }) => npm);
  put(`npm/${packedName("claude-tmux")}`, gzip(launcherTarball(platforms, { texts, place, time })));
  put("claude-tmux.rb", formula(bottled, place));
  put("install.sh", installer(place));
  const licenseOf = (name: string) => installedLicense(`${PROJECT}/node_modules`, name);
  const list = sbom(readLock(`${PROJECT}/bun.lock`), { place, time, licenseOf });
  put(`claude-tmux-${VERSION}.cdx.json`, `${JSON.stringify(list, undefined, 2)}\n`);

  const lines = [...sums].toSorted().map(([name, sum]) => `${sum}  ${name}\n`);
  writeFileSync(`${folder}/SHA256SUMS`, lines.join(""));
  return lines.join("");
}

/** install.sh for this version, which takes it from where it is published. */
function installer({ files }: Place): string {
  const script = readFileSync(join(import.meta.dir, "install.sh"), "utf8");
  return script.replaceAll("@VERSION@", VERSION).replaceAll("@FILES@", () => shellWord(files));
}
