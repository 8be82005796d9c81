import { readFileSync } from "node:fs";
import { Broken } from "../shared/failures.ts";
import { peakMemory } from "./peak-memory.ts";
import { outcomeOf } from "./storm-outcome.ts";
import { raiseStorm } from "./storm-world.ts";

// A storm in a process of its own: its peak is not that of whoever started it. The configuration lies beside it, as it
// does beside a function.

const [keys, seed] = process.argv.slice(2);
if (keys === undefined || seed === undefined) throw new Broken("how many keys, and which seed?");
const configuration = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
const { world, history, calls, cpuMilliseconds } = await raiseStorm(configuration, Number(keys), seed);
// Before anything is looked at: what became of the storm takes memory too.
const peakBytes = peakMemory();
const outcome = outcomeOf(world, history);
process.stdout.write(JSON.stringify({ transitions: history.transitions, calls, cpuMilliseconds, peakBytes, outcome }));
