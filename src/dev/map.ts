// Draws the map of src in CONTRIBUTING anew, from what each file says that it is.
import { MAP_FILE, withMap } from "./map-block.ts";

await Bun.write(MAP_FILE, await withMap(await Bun.file(MAP_FILE).text()));
