import { expect, test } from "bun:test";
import { screenSvg } from "../../../../src/dev/picture/svg.ts";

test("a screen's colours are those of its SGR, also over lines, and its text is no markup", () => {
  const svg = screenSvg(
    ["\x1b[32m$\x1b[0m a <b> & c", "\x1b[1;31mfailed", "still\x1b[39m\x1b[22m not", "\x1b[2mdim\x1b[22m"],
    20,
    "t",
  );
  expect(svg).toContain('<tspan fill="#98c379">$</tspan><tspan fill="#d7dae0"> a &lt;b&gt; &amp; c</tspan>');
  expect(svg).toContain('<tspan fill="#e06c75" font-weight="bold">failed</tspan>');
  expect(svg).toContain('<tspan fill="#e06c75" font-weight="bold">still</tspan><tspan fill="#d7dae0"> not</tspan>');
  expect(svg).toContain('<tspan fill="#868d99">dim</tspan>');
  expect(svg).not.toContain("\x1b");
});

test("a colour's own parameters set nothing", () => {
  const svg = screenSvg(["\x1b[38;5;1mred\x1b[48;2;1;31;2;1mbold"], 20, "t");
  expect(svg).toContain('<tspan fill="#d7dae0">red</tspan><tspan fill="#d7dae0" font-weight="bold">bold</tspan>');
});
