type Level = "info" | "warn" | "error";
/** Where lines go, by their level. */
export type Lines = Record<Level, (line: string) => void>;

/** Lines of one level that are written within a second; of the others it is said how many they were. */
const LINES_PER_S = 20;
const WINDOW_MS = 1000;

/** A log for what may come in floods: it must neither grow by them, nor lose what else it says among them. */
export class SparingLog {
  private readonly windows = new Map<Level, { lines: number; last: string }>();

  constructor(private readonly log: Lines) {}

  info(line: string): void {
    this.write("info", line);
  }

  warn(line: string): void {
    this.write("warn", line);
  }

  error(line: string): void {
    this.write("error", line);
  }

  /** Says now how many lines were left out. */
  flush(): void {
    for (const level of this.windows.keys()) this.end(level);
  }

  private write(level: Level, line: string): void {
    const window = this.windows.get(level) ?? { lines: 0, last: "" };
    window.lines++;
    window.last = line;
    if (window.lines <= LINES_PER_S) this.log[level](line);
    if (this.windows.has(level)) return;
    this.windows.set(level, window);
    setTimeout(() => this.end(level), WINDOW_MS).unref();
  }

  private end(level: Level): void {
    const { lines = 0, last = "" } = this.windows.get(level) ?? {};
    this.windows.delete(level);
    const more = lines - LINES_PER_S;
    if (more === 1) this.log[level](last);
    else if (more > 1) this.log[level](`${more} more of these within a second, the last: ${last}`);
  }
}
