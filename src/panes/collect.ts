/** Bytes of output in a bounded memory: when it is too much, the beginning goes. */
export class Collected {
  private chunks: Uint8Array[] = [];
  private size = 0;
  private isFull = false;

  constructor(private readonly maxBytes: number) {}

  add(data: Uint8Array): void {
    this.chunks.push(data);
    this.size += data.length;
    let gone = 0;
    while (this.size - (this.chunks[gone]?.length ?? 0) > this.maxBytes) this.size -= this.chunks[gone++]?.length ?? 0;
    if (gone > 0) {
      this.isFull = true;
      this.chunks = this.chunks.slice(gone);
    }
  }

  /** All of it as text, from the first whole line on if the beginning is gone. */
  text(): { raw: string; isCut: boolean } {
    const raw = Buffer.concat(this.chunks).toString("utf8");
    return { raw: this.isFull ? raw.slice(raw.indexOf("\n") + 1) : raw, isCut: this.isFull };
  }
}
