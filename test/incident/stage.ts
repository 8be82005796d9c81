import { loadConfiguration } from "../../shared/configuration/files.ts";
import { merge } from "../../shared/configuration/merge.ts";
import { type Configuration, configurationSchema } from "../../shared/configuration/schema.ts";
import { parseDeliveries, stampOf } from "../../shared/delivery/parse.ts";
import type { PersonCommand } from "../../shared/incident/decide.ts";
import type { Incident } from "../../shared/incident/types.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { type Answer, respond, respondUnder } from "../../shared/intake/respond.ts";
import type { Notification } from "../../simulation/collected.ts";
import { createMirror, type Tags } from "../../simulation/mirror.ts";
import { receiverIn } from "../../simulation/people.ts";
import { replay } from "../../simulation/replay.ts";
import { incidentsOf } from "../../simulation/report.ts";
import { passTime, sweep } from "../../simulation/sweeping.ts";
import { createWorld, type World } from "../../simulation/world.ts";
import { account, region, start } from "./stories.ts";

// Where stories are played: through `replay`, or on a stage where people act between the deliveries.

export const policy = loadConfiguration("production").configuration;

/** The policy with a change laid on top of it, as a local file would be. */
export function policyWith(changes: object): Configuration {
  return configurationSchema.parse(merge(policy, changes));
}

export interface Staging {
  configuration?: Configuration;
  tags?: Tags;
  until?: Instant;
}

/** What the deliveries would have done to people, by `replay`. */
export async function story(documents: readonly unknown[], staging: Staging = {}): Promise<World> {
  const { configuration = policy, tags = {}, until = null } = staging;
  return replay(stream(documents), { configuration, tags, until });
}

async function* stream(documents: readonly unknown[]): AsyncGenerator<unknown> {
  yield* documents;
}

export interface Stage {
  world: World;
  /** Takes in deliveries as `replay` does: time passes to each one's stamp first. */
  tell(...documents: readonly unknown[]): Promise<void>;
  /** What somebody does to the incident under a key, at a time of their own. Gives why it was refused, if it was. */
  person(when: Instant, key: string, command: PersonCommand): Promise<Answer>;
  /** The same for the incident of an id. */
  answer(when: Instant, id: string, command: PersonCommand): Promise<Answer>;
  /** Lets time pass, with its sweeps. */
  until(when: Instant): Promise<void>;
  /** One sweep at that time, whether anything is due or not, and none before it. */
  sweepAt(when: Instant): Promise<void>;
}

export async function createStage({ configuration = policy, tags = {} }: Staging = {}): Promise<Stage> {
  const world = await createWorld({ configuration, start, account, region });
  const receiver = receiverIn(world);
  const mirror = createMirror(world.cloudwatch, tags);
  return {
    world,
    async tell(...documents) {
      for (const document of documents) {
        const deliveries = parseDeliveries(document);
        const stamp = Math.max(...deliveries.map((delivery) => stampOf(delivery) ?? 0));
        if (stamp > world.clock.now()) await passTime(world, stamp, false);
        for (const delivery of deliveries) mirror.reflect(delivery);
        await world.open({ Records: [{ messageId: "1", body: JSON.stringify(document) }] });
        await world.wake();
      }
    },
    async person(when, key, command) {
      await passTime(world, when, false);
      const answer = await respondUnder(receiver, key, command);
      await world.wake();
      return answer;
    },
    async answer(when, id, command) {
      await passTime(world, when, false);
      const answer = await respond(receiver, id, command);
      await world.wake();
      return answer;
    },
    until: (when) => passTime(world, when, true),
    async sweepAt(when) {
      world.clock.set(when);
      await sweep(world);
    },
  };
}

/** What went out, as `+15 escalated P0 operations-2`: the minutes since the story began, why, how bad, and to whom. */
export function told(world: World, reasons: readonly string[] = everyReason): string[] {
  return world.collected.notifications.filter(({ reason }) => reasons.includes(reason)).map(line);
}

/** The same without the news that it is over. */
export function paged(world: World): string[] {
  return told(
    world,
    everyReason.filter((reason) => reason !== "resolved"),
  );
}

const everyReason = ["opened", "raised", "reminded", "escalated", "resolved", "summary", "batch", "digest"];

function line({ at, reason, severity, audience }: Notification): string {
  return `+${(at - start) / minute} ${reason} ${severity} ${audience}`;
}

export function incidents(world: World): Incident[] {
  return incidentsOf(world).map(({ incident }) => incident);
}

/** The only incident of a world. */
export function only(world: World): Incident {
  const [first, ...others] = incidents(world);
  if (first === undefined || others.length > 0)
    throw new Error(`${others.length + 1} incidents where one was expected`);
  return first;
}

/** The last incident under a key. */
export function incidentUnder(world: World, key: string): Incident {
  const found = incidents(world).findLast((incident) => incident.key === key);
  if (found === undefined) throw new Error(`there is no incident under ${key}`);
  return found;
}

/** The kinds of lines in an incident's timeline, in order. */
export function lines(world: World, id?: string): string[] {
  const wanted = id ?? only(world).id;
  const found = incidentsOf(world).find(({ incident }) => incident.id === wanted);
  return (found?.timeline ?? []).map(({ type }) => type);
}

/** The names of an incident's alarms with their states. */
export function alarmsOf({ members }: Incident): Record<string, string> {
  return Object.fromEntries(Object.values(members).map(({ name, state }) => [name, state]));
}
