// What commands cost that do one thing and end, beside their floor: the tmux command that does the same and then a
// compiled hello-world, timed as one, since what a command leaves running (a shell that starts) slows down what comes
// after it. Prints a Markdown table of medians.
//   bun run bench:commands [rounds] [command ...]
import { measureCommands } from "./one-shot.ts";

const [rounds = "20", ...names] = process.argv.slice(2);
console.log("| command | tmux, then hello-world (ms) | ours (ms) | ratio |\n|---|---|---|---|");
for (const { name, floor, ours } of measureCommands(Number(rounds), names)) {
  console.log(`| ${name} | ${floor.toFixed(1)} | ${ours.toFixed(1)} | ${(ours / floor).toFixed(2)} |`);
}
