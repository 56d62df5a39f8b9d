const OUTPUT_MAX_BYTES = 4096;
/** How many pipes are read that processes hold which callbacks have left behind. */
const LEFT_MAX = 16;

/** What a callback writes: it is read to its end, so that nobody is blocked, and its beginning is kept. */
export class Output {
  /** resolves at the end of the pipe */
  readonly done: Promise<void>;
  isOver = false;
  private readonly reader: {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.reader = stream.getReader();
    this.done = this.read();
  }

  text(): string {
    return Buffer.concat(this.parts).toString();
  }

  /** Reads no more, and gives the descriptor back; whoever still writes there gets SIGPIPE. */
  close(): void {
    this.reader.cancel().catch(() => {});
  }

  private async read(): Promise<void> {
    try {
      for (;;) {
        const { value } = await this.reader.read();
        if (!value) break;
        if (this.size < OUTPUT_MAX_BYTES) this.parts.push(value.slice(0, OUTPUT_MAX_BYTES - this.size));
        this.size += value.length;
      }
    } catch {
      // what was read until then is all there is
    } finally {
      this.isOver = true;
    }
  }
}

/**
 * The pipes of processes that callbacks have left behind. The newest are read on, so that these processes may write; the
 * oldest is given up for each beyond so many, or they would cost a descriptor each as long as those live.
 */
export class LeftPipes {
  private pipes: Output[] = [];

  add(output: Output): void {
    this.pipes = this.pipes.filter(({ isOver }) => !isOver);
    if (!output.isOver) this.pipes.push(output);
    while (this.pipes.length > LEFT_MAX) this.pipes.shift()?.close();
  }
}
