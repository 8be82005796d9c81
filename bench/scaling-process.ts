import { readFileSync } from "node:fs";
import { evaluateFleet } from "./scaling-fleet.ts";

// A minute of a fleet in a process of its own: its peak is not that of whoever started it. The configuration lies beside it, as it
// does beside a function.

const configuration = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
process.stdout.write(JSON.stringify(await evaluateFleet(configuration)));
