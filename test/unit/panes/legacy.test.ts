import { expect, test } from "bun:test";
import { parseLegacy } from "../../../src/panes/legacy.ts";

test.each([
  [
    '{"panes":{"1":{"label":"a","metadata":{"k":"v","n":1}}}}',
    [{ index: 1, label: "a", metadata: { k: "v", n: "1" } }],
  ],
  ['{"panes":[{"pane_id":"2","label":"b"}]}', [{ index: 2, label: "b", metadata: {} }]],
  ['{"panes":[{"id":3}]}', [{ index: 3, label: undefined, metadata: {} }]],
  ['{"panes":{"x":{"label":"a"}}}', []],
  ['{"panes":', []],
  ["[]", []],
])("the legacy state %s is read", (text, records) => {
  expect(parseLegacy(text)).toEqual(records);
});
