// A layout in the words of tmux (layout_dump() in layout-custom.c): a check sum, and a tree of cells. A tmux that is given one that
// is none may end, with every session: it is read here first.

/** So large tmux lets a window be; deeper than that nobody splits one, and tmux reads it by recursion. */
const SIDE_MAX = 10_000;
const DEPTH_MAX = 100;
const LENGTH_MAX = 100_000;

/** How many panes a layout arranges; undefined for one that tmux could not take, or that has panes that float (tmux 3.7). Pure. */
export function panesIn(layout: string): number | undefined {
  if (layout.length > LENGTH_MAX || !/^[0-9a-f]{4},/.test(layout)) return undefined;
  const tree = layout.slice(5);
  if (checkSum(tree) !== Number.parseInt(layout.slice(0, 4), 16)) return undefined;
  const reader = new Reader(tree);
  const root = reader.cell(0);
  return root !== undefined && reader.isAtEnd ? reader.panes : undefined;
}

/** A layout with the check sum that belongs to its tree of cells. Pure. */
export function withCheckSum(tree: string): string {
  return `${checkSum(tree).toString(16).padStart(4, "0")},${tree}`;
}

function checkSum(tree: string): number {
  let sum = 0;
  for (const byte of new TextEncoder().encode(tree)) sum = ((sum >> 1) + ((sum & 1) << 15) + byte) & 0xffff;
  return sum;
}

interface Cell {
  width: number;
  height: number;
}

class Reader {
  panes = 0;
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** A cell and what is in it; undefined for anything else. */
  cell(depth: number): Cell | undefined {
    const place = /(\d{1,5})x(\d{1,5}),(\d{1,5}),(\d{1,5})/y;
    place.lastIndex = this.at;
    const found = place.exec(this.text);
    if (!found || depth > DEPTH_MAX) return undefined;
    this.at = place.lastIndex;
    const [width = 0, height = 0, x = 0, y = 0] = found.slice(1).map(Number);
    if (width < 1 || height < 1 || [width, height, x, y].some((side) => side > SIDE_MAX)) return undefined;
    const open = this.text[this.at];
    if (open === "{" || open === "[") return this.inside({ width, height }, open, depth);
    // the id of its pane, which may be missing
    const id = /,\d+(?![\dx])/y;
    id.lastIndex = this.at;
    if (id.exec(this.text)) this.at = id.lastIndex;
    this.panes++;
    return { width, height };
  }

  /** The cells that share the room of one, side by side or one below the other. */
  private inside(all: Cell, open: "{" | "[", depth: number): Cell | undefined {
    const close = open === "{" ? "}" : "]";
    const cells: Cell[] = [];
    do {
      this.at++;
      const cell = this.cell(depth + 1);
      if (cell === undefined) return undefined;
      cells.push(cell);
    } while (this.text[this.at] === ",");
    if (this.text[this.at] !== close || cells.length < 2) return undefined;
    this.at++;
    // each has a line between it and the next
    const [along, across] = open === "{" ? (["width", "height"] as const) : (["height", "width"] as const);
    const sum = cells.reduce((length, cell) => length + cell[along], cells.length - 1);
    return sum === all[along] && cells.every((cell) => cell[across] === all[across]) ? all : undefined;
  }
}

/** A layout without its check sum, and without the ids of panes, which are other ones each time (tmux(1), select-layout). Pure. */
export function geometry(layout: string): string {
  return layout.replace(/^[0-9a-f]{4},/, "").replace(/(\d+x\d+,\d+,\d+),\d+/g, "$1");
}
