import type { Terminal } from "../cli/terminal.ts";
import { main } from "./main.ts";

// npm run bench: it lends the process to what is in main.ts, and ends with its exit code.

const terminal: Terminal = {
  output: process.stdout,
  errors: process.stderr,
  input: process.stdin,
  variables: process.env,
};

process.exitCode = await main(process.argv.slice(2), terminal);
