/** A platform that the program is built for. */
export interface Target {
  /** as the archives are named */
  name: string;
  /** Bun's name of it */
  bun: string;
  /** whom the npm package of it is for; the libc only where there are two */
  npm: { os: "linux" | "darwin"; cpu: "x64" | "arm64"; libc?: "glibc" | "musl" };
  /** Debian's name of the architecture, where there is a package */
  deb?: "amd64" | "arm64";
  /** Homebrew's names of the system and the processor, where its formula takes it */
  brew?: { os: "macos" | "linux"; cpu: "intel" | "arm" };
}

// baseline: also for processors without AVX2. With Bun 1.4 the others are the same bytes
/** What is built. */
export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    bun: "bun-linux-x64-baseline",
    npm: { os: "linux", cpu: "x64", libc: "glibc" },
    deb: "amd64",
    brew: { os: "linux", cpu: "intel" },
  },
  {
    name: "linux-x64-musl",
    bun: "bun-linux-x64-musl-baseline",
    npm: { os: "linux", cpu: "x64", libc: "musl" },
  },
  {
    name: "linux-arm64",
    bun: "bun-linux-arm64",
    npm: { os: "linux", cpu: "arm64", libc: "glibc" },
    deb: "arm64",
    brew: { os: "linux", cpu: "arm" },
  },
  { name: "linux-arm64-musl", bun: "bun-linux-arm64-musl", npm: { os: "linux", cpu: "arm64", libc: "musl" } },
  {
    name: "darwin-x64",
    bun: "bun-darwin-x64-baseline",
    npm: { os: "darwin", cpu: "x64" },
    brew: { os: "macos", cpu: "intel" },
  },
  {
    name: "darwin-arm64",
    bun: "bun-darwin-arm64",
    npm: { os: "darwin", cpu: "arm64" },
    brew: { os: "macos", cpu: "arm" },
  },
];
