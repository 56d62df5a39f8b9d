import { dispatch } from "./commands/dispatch.ts";
import { calledName } from "./lib/self.ts";

// no top-level await: bytecode does not allow it
dispatch(calledName(), process.argv.slice(2)).then((code) => {
  process.exit(code);
});
