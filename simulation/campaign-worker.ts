import { parentPort, workerData } from "node:worker_threads";
import { type Errand, worldsOf } from "./campaign.ts";

// One core's share of a campaign: each world is told of when it is done, and forgotten.

const errand: Errand = workerData;
for await (const world of worldsOf(errand)) parentPort?.postMessage(world);
