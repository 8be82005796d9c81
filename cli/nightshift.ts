import { report } from "./ending.ts";
import { main } from "./main.ts";
import type { Terminal } from "./terminal.ts";

// The door: it lends the process to the command and ends with its exit code. All else is in main.ts.

const terminal: Terminal = {
  output: process.stdout,
  errors: process.stderr,
  input: process.stdin,
  variables: process.env,
};

// The reader went away (`| head`): there is nobody left to tell, and nothing went wrong.
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 3));
process.on("uncaughtException", (error) => process.exit(report(error, terminal)));

process.exitCode = await main(process.argv.slice(2), terminal);
