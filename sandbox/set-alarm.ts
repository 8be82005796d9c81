import { ResourceNotFound } from "@aws-sdk/client-cloudwatch";
import { Refused, reasonOf, Unavailable } from "../shared/failures.ts";
import type { Incident } from "../shared/incident/types.ts";
import { findKept } from "./kept.ts";
import { eventually } from "./steps.ts";
import { openWorld, type World } from "./world.ts";

/** The tag that makes its incident a P0, which pages at once. */
const tags = { "nightshift:tier": "critical" };

/**
 * Sets an alarm of the kept sandbox, as a person sets one on AWS to try it out, and waits for what becomes of it: its
 * topic, the queue, the function and the ledger are the deployed ones. Throws `Refused` where no sandbox is kept, and
 * `Unavailable` where it does not answer as it should.
 */
export async function setAlarm(directory: string, name: string, state: "ALARM" | "OK"): Promise<string> {
  const kept = findKept(directory);
  if (kept === null) throw new Refused("no sandbox is kept; to keep one: npm run sandbox -- --keep");
  if (kept.status === "starting") throw new Refused("the sandbox is still being started; wait for its last line");
  const world = openWorld(kept.endpoint, kept.deployment);
  try {
    await set(world, name, state);
    const incident = await eventually(`${name} ${state} in an incident`, 60, () => newest(world, name, state));
    return line(name, state, incident);
  } catch (cause) {
    if (cause instanceof Refused) throw cause;
    throw new Unavailable(`${reasonOf(cause)}; see ${kept.logFile}`, { cause });
  }
}

async function set(world: World, name: string, state: "ALARM" | "OK"): Promise<void> {
  try {
    await world.setAlarm(name, state);
  } catch (error) {
    if (!(error instanceof ResourceNotFound)) throw error;
    if (state === "OK") throw new Refused(`there is no alarm ${name}; to make one: npm run sandbox -- --alarm ${name}`);
    await world.putAlarm(name, tags, name);
    await world.setAlarm(name, state);
  }
}

/** The newest incident of this alarm, once it knows of the state. */
async function newest(world: World, name: string, state: "ALARM" | "OK"): Promise<Incident | undefined> {
  const all = await world.incidents();
  const knowing = all.filter(({ members }) =>
    Object.values(members).some((member) => member.kind === "alarm" && member.name === name && member.state === state),
  );
  return knowing.sort((left, right) => right.recordedAt - left.recordedAt)[0];
}

function line(name: string, state: string, { id, severity, status, told }: Incident): string {
  const audiences = Object.keys(told).join(", ") || "nobody";
  const next = status === "open" && state === "OK" ? "; a sweep resolves it within two minutes" : "";
  return `${name} is ${state}: incident ${id}, ${severity}, ${status}, told ${audiences}${next}`;
}
