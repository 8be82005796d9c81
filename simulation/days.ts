import { createHash } from "node:crypto";
import type { Configuration } from "../shared/configuration/schema.ts";
import { reasonOf } from "../shared/failures.ts";
import { day, hour, type Instant, minute, second } from "../shared/instant.ts";
import { type Chance, createChance } from "./chance.ts";
import { addScaling, addSecrets, createEstateWorld } from "./estate-world.ts";
import type { FaultKind, FaultLevel } from "./fault-rates.ts";
import { createFaults } from "./faults.ts";
import { addResponders } from "./responders.ts";
import { type Story, stories } from "./stories.ts";
import type { Promised } from "./watching.ts";
import type { World } from "./world.ts";

export interface DaysOptions {
  configuration: Configuration;
  seed: string;
  days: number;
  faults: FaultLevel;
  /** Of what would happen only this; all of it unless stated. */
  only?: Only;
  /** Told after each simulated day. */
  progress?: (daysDone: number) => void;
  /** Shown the world before anything happens in it. */
  prepare?: (world: World) => void;
}

/** A part of a world: stories by name and day (`outage:1`), faults by kind and draw (`crash:12`); all where it is null. */
export interface Only {
  stories: ReadonlySet<string> | null;
  faults: ReadonlySet<string> | null;
}

export interface DaysReport {
  world: World;
  promises: Promised[];
  /** What was injected, and how often. */
  faults: Readonly<Record<FaultKind, number>>;
  /** The same one by one, by name. */
  injected: readonly string[];
  /** What happened, by name and day. */
  stories: readonly string[];
  /** The same for the same seed, down to the last write. */
  trace: string;
}

/** Days of the example estate pass: the same seed gives the same days, faults and all. */
export async function simulateDays(options: DaysOptions): Promise<DaysReport> {
  const { configuration, seed, days, progress, only = everything } = options;
  const chance = createChance(seed);
  const start = firstDay + chance.fork("calendar").integer(0, 27) * day;
  const faults = createFaults(options.faults, chance.fork("faults"));
  faults.only = only.faults;
  const trace = createHash("sha256");
  const enter = (world: World) => {
    options.prepare?.(world);
    world.dynamodb.onChange(({ keys, eventName, newImage, at }) => {
      trace.update(`${at} ${eventName} ${keys.pk?.S} ${keys.sk?.S} ${newImage?.body?.S ?? ""}\n`);
    });
    addResponders(world, chance.fork("responders"));
  };
  const made = await createEstateWorld({ configuration, start, faults }, chance.fork("transport"), enter);
  const told: string[] = [];
  for (const [name, add] of Object.entries(wholeStories)) {
    if (only.stories?.has(name) === false) continue;
    told.push(name);
    const fork = name.slice(0, name.indexOf(":"));
    made.watch = await add(made, chance.fork(fork), start + days * day);
  }
  const { world, transport, happenings } = made;
  const passDays = async () => {
    for (let index = 0; index < days; index++) {
      const from = start + index * day;
      for (const { name, story, at, luck } of planOf(chance.fork(`day-${index}`), index, days)) {
        const dated = `${name}:${index + 1}`;
        if (only.stories?.has(dated) === false) continue;
        told.push(dated);
        story(happenings, from + at, luck);
      }
      await transport.runUntil(from + day);
      progress?.(index + 1);
    }
    await comeToRest(world, transport.runUntil);
  };
  const stopped = await passDays().then(() => null, stoppedBy);
  const promises = stopped === null ? made.watch.finish() : [stopped];
  const { counts, injected } = faults;
  return { world, promises, faults: counts, injected, stories: told, trace: trace.digest("hex") };
}

/** What fails outside of every function is no fault, but a mistake: no promise means anything after it. */
function stoppedBy(error: unknown): Promised {
  const [, place = ""] = (error instanceof Error ? error.stack : undefined)?.split("\n    at ") ?? [];
  return { name: "every step comes to its end", figure: "it stopped", broken: [`${reasonOf(error)} (${place})`] };
}

/** The secrets and all that is done with them are a story of their own, from the first day on; and so is what is scaled. */
const wholeStories = { "secrets:1": addSecrets, "scaling:1": addScaling } as const;

const everything: Only = { stories: null, faults: null };

/** A Monday; a seed begins up to four weeks later. */
const firstDay = Date.UTC(2026, 2, 2);

interface Planned {
  name: string;
  story: Story;
  at: Instant;
  luck: Chance;
}

/** The day's stories, one after the other with room between them, so that the same alarm is not in two at once. */
function planOf(chance: Chance, index: number, days: number): Planned[] {
  const names = Object.keys(stories);
  // A longer run shows each kind once before chance alone decides.
  const sure = days > 1 ? names.slice(index * 2, index * 2 + 2) : [];
  const count = days > 1 ? chance.integer(1, 3) : chance.integer(3, 6);
  const others = chance.shuffle(names.filter((name) => !sure.includes(name))).slice(0, count);
  const planned = chance.shuffle([...sure, ...others]);
  const room = Math.floor((20 * hour) / planned.length);
  return planned.flatMap((name, place) => {
    const story = stories[name];
    const at = place * room + chance.integer(0, 30 * 60) * second + 5 * minute;
    return story === undefined ? [] : [{ name, story, at, luck: chance.fork(`${name}-${place}`) }];
  });
}

/** No more faults, and time enough for everything that is under way. */
async function comeToRest(world: World, runUntil: (until: Instant) => Promise<void>): Promise<void> {
  world.faults.enabled = false;
  await runUntil(world.clock.now() + 2 * hour);
}
