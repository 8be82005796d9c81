import { App } from "aws-cdk-lib";
import { Refused } from "../shared/failures.ts";
import { printable } from "../shared/text.ts";
import { addNightshift } from "./nightshift.ts";

// What `cdk` runs. A person's mistake is told in a line and ends with 2; anything else is ours and keeps its trace.

try {
  const app = new App();
  addNightshift(app);
  app.synth();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  for (const line of [error.message, ...error.also]) process.stderr.write(`nightshift: ${printable(line)}\n`);
  process.exitCode = 2;
}
