import { describe, expect, test } from "bun:test";
import { promptBefore } from "../../../src/panes/lost-mark.ts";
import { markCommand } from "../../../src/panes/marker.ts";

const marked = markCommand("sleep 60", { flags: [], isFish: false, key: "0123456789abcdef" });

describe("the prompt at which a marked command was typed", () => {
  test("stands before it", () => {
    expect(promptBefore(marked, `$ ls\nfile\n~/x $ ${marked.text}\nsome output\n`)).toBe("~/x $");
  });

  test("also where the line that an editor has wrapped is several", () => {
    const [head = "", ...rest] = marked.text.split("eval");
    expect(promptBefore(marked, `me@here$ ${head}\neval${rest.join("eval")}\n^C\nme@here$ \n`)).toBe("me@here$");
  });

  test("is not known when the shell had none yet, the line is gone, or shown in part", () => {
    expect(promptBefore(marked, `${marked.text}\nsome output\n`)).toBe("");
    expect(promptBefore(marked, "$ clear\n")).toBe("");
    expect(promptBefore(marked, `$ ${marked.text.slice(-30)} <\n`)).toBe("");
  });
});
