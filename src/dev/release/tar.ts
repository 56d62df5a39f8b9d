/** A file of an archive. */
export interface Entry {
  /** of at most 100 bytes, with / between folders */
  path: string;
  data: Uint8Array | string;
  /** whether it is a program; the others are texts */
  runs?: boolean;
}

const BLOCK = 512;

/**
 * An archive in the format ustar (POSIX.1-2017, pax, "ustar Interchange Format") with the folders of its files. The same
 * entries make the same bytes: root owns everything, and it is sorted by name. Pure.
 * @param time of all files, seconds since the epoch
 */
export function tar(entries: readonly Entry[], time: number): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  const folders = new Set(entries.flatMap(({ path }) => foldersOf(path)));
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  for (const path of [...folders, ...files.keys()].toSorted()) {
    const { data, runs } = files.get(path) ?? { data: "", runs: true };
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const mode = runs ? 0o755 : 0o644;
    blocks.push(header({ path, mode, size: bytes.length, time }), bytes, padding(bytes.length, BLOCK));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(blocks);
}

/** The folders above a path, each with a slash at its end. */
function foldersOf(path: string): string[] {
  return [...path.matchAll(/\/(?!$)/g)]
    .map(({ index }) => path.slice(0, index + 1))
    .filter((folder) => folder !== "./");
}

function header(file: { path: string; mode: number; size: number; time: number }): Uint8Array {
  if (Buffer.byteLength(file.path) > 100) throw new Error(`too long for a path of an archive: ${file.path}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), at, "ascii");
  block.write(file.path, 0);
  octal(file.mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(file.size, 124, 11);
  octal(file.time, 136, 11);
  block.write(" ".repeat(8), 148, "ascii"); // the sum counts its own field as blanks
  block.write(file.path.endsWith("/") ? "5" : "0", 156, "ascii");
  block.write("ustar\0" + "00", 257, "ascii");
  block.write("root", 265, "ascii");
  block.write("root", 297, "ascii");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block.write("\0", 154, "ascii");
  return block;
}

/** What fills the last block of so many bytes. */
export function padding(size: number, block: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}
