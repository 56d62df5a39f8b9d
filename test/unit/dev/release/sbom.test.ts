import { expect, test } from "bun:test";
import { join } from "node:path";
import { placeOf } from "../../../../src/dev/release/about.ts";
import { installedLicense, readLock, sbom } from "../../../../src/dev/release/sbom.ts";

const project = join(import.meta.dir, "../../../..");
const place = placeOf(undefined, "/release");
const sum = Buffer.from("sum");
const lock = {
  workspaces: { "": { dependencies: { a: "1.0.0" }, devDependencies: { tool: "9.0.0" } } },
  packages: {
    a: ["a@1.0.0", "", { dependencies: { "@s/b": "^2.0.0" } }, `sha512-${sum.toString("base64")}`],
    "@s/b": ["@s/b@2.1.0", "", { dependencies: { a: "1.0.0" } }, `sha512-${sum.toString("base64")}`],
    tool: ["tool@9.0.0", "", {}, "sha512-eA=="],
    bun: ["bun@1.4.5", "", { optionalDependencies: { "@oven/bun-x": "1.4.5" } }, "sha512-eA=="],
  },
};

test("it names what the program has in it, and who wants what, and no tools", () => {
  const { components, dependencies } = sbom(lock, { place, time: 0, licenseOf: () => "MIT" });
  expect(components.map((part) => part["bom-ref"])).toEqual([
    "pkg:npm/%40s/b@2.1.0",
    "pkg:npm/a@1.0.0",
    "pkg:npm/bun@1.4.5",
  ]);
  expect(components[0]).toMatchObject({
    type: "library",
    hashes: [{ alg: "SHA-512", content: sum.toString("hex") }],
    licenses: [{ license: { id: "MIT" } }],
  });
  expect(dependencies.slice(1)).toEqual([
    { ref: "pkg:npm/%40s/b@2.1.0", dependsOn: ["pkg:npm/a@1.0.0"] },
    { ref: "pkg:npm/a@1.0.0", dependsOn: ["pkg:npm/%40s/b@2.1.0"] },
    { ref: "pkg:npm/bun@1.4.5", dependsOn: [] },
  ]);
  expect(dependencies[0]?.dependsOn).toEqual(["pkg:npm/a@1.0.0", "pkg:npm/bun@1.4.5"]);
  expect(() =>
    sbom({ ...lock, packages: { bun: lock.packages.bun } }, { place, time: 0, licenseOf: () => "MIT" }),
  ).toThrow("bun.lock has no a");
});

test("that of this project has all that CycloneDX 1.6 wants, and a licence and a checksum of each library", () => {
  const licenseOf = (name: string) => installedLicense(`${project}/node_modules`, name);
  const list = sbom(readLock(`${project}/bun.lock`), { place, time: 1_700_000_000, licenseOf });
  expect(list).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
  expect(list.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(list.metadata.timestamp).toBe("2023-11-14T22:13:20.000Z");
  const libraries = list.components.filter(({ type }) => type === "library");
  expect(libraries.map(({ name }) => name)).toEqual(expect.arrayContaining(["citty", "valibot", "zod"]));
  for (const { name, hashes, licenses } of libraries) {
    expect([name, hashes?.[0]?.content, licenses]).toEqual([
      name,
      expect.stringMatching(/^[0-9a-f]{128}$/),
      expect.anything(),
    ]);
  }
  const refs = new Set(list.dependencies.map(({ ref }) => ref));
  expect(list.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  expect(new Set(list.components.map((part) => part["bom-ref"])).size).toBe(list.components.length);
});
