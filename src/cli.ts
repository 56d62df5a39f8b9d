import { dispatch } from "./commands/dispatch.ts";
import { calledName } from "./lib/self.ts";

// no top-level await: bytecode does not allow it
dispatch(calledName(), process.argv.slice(2)).then(
  (code) => process.exit(code),
  () => process.exit(1), // not even the error could be told: stdout and stderr are closed, or on a full disk
);
