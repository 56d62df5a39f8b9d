import { describe, expect, test } from "bun:test";
import { markerPrompt } from "../../../src/panes/lost-mark.ts";
import { markCommand } from "../../../src/panes/marker.ts";

const marked = markCommand("sleep 60", { flags: [], isFish: false, key: "0123456789abcdef" });

describe("the prompt at which a marked command was typed", () => {
  test("stands before it", () => {
    expect(markerPrompt(marked, `$ ls\nfile\n~/x $ ${marked.text}\nsome output\n`)).toBe("~/x $");
  });

  test("also where the line that an editor has wrapped is several", () => {
    const [head = "", ...rest] = marked.text.split("eval");
    expect(markerPrompt(marked, `me@here$ ${head}\neval${rest.join("eval")}\n^C\nme@here$ \n`)).toBe("me@here$");
  });

  test("is not known when the shell had none yet, the line is gone, or shown in part", () => {
    expect(markerPrompt(marked, `${marked.text}\nsome output\n`)).toBe("");
    expect(markerPrompt(marked, "$ clear\n")).toBe("");
    expect(markerPrompt(marked, `$ ${marked.text.slice(-30)} <\n`)).toBe("");
  });
});
