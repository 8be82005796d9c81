import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../shared/configuration/schema.ts";
import { hour, minute } from "../shared/instant.ts";
import { respond } from "../shared/intake/respond.ts";
import type { OperationName } from "../shared/operations.ts";
import { createChance } from "./chance.ts";
import { createEstateWorld } from "./estate-world.ts";
import { type Call, createKiller, type Killing } from "./killing.ts";
import { onOpened, receiverIn } from "./people.ts";
import { alarmRecordsOf, incidentsOf } from "./report.ts";
import { passScaling, scalingDifferences, scalingStories } from "./scaling/crashes.ts";
import { stories } from "./stories.ts";
import { ranks } from "./transport.ts";
import type { World } from "./world.ts";

// Each function is killed before and after each of its external calls, each in a world of its own; then what died runs again.
// In the end that world must be as if nobody had died.

export interface MatrixOptions {
  configuration: Configuration;
  /** Whose days are told: all of them unless stated. */
  stories?: readonly string[];
  progress?: (deathsDone: number, of: number) => void;
}

/** One call that a function may die at, and what became of it. */
export interface Death {
  story: string;
  telling: Telling;
  call: Call;
  after: boolean;
  /** How the world differs from the one in which nobody died, as sentences. */
  differences: string[];
}

/** Each story is told by two chances, and once more while a service that is asked, and the channel, refuse for some minutes. */
const tellings = ["one", "another", "refusing"] as const;
export type Telling = (typeof tellings)[number];

export async function crashMatrix(options: MatrixOptions): Promise<Death[]> {
  const { configuration, progress } = options;
  const named = options.stories ?? [...Object.keys(stories), ...Object.keys(scalingStories)];
  const points = new Map<string, Point>();
  for (const telling of named.flatMap((story) => tellingsOf(configuration, story))) {
    for (const [number, call] of (await telling.calls()).entries()) {
      if (!points.has(call.path)) points.set(call.path, { ...telling, number, call });
    }
  }
  const deaths: Death[] = [];
  for (const { story, telling, number, call, die } of points.values()) {
    for (const after of [false, true]) {
      deaths.push({ story, telling, call, after, differences: await die({ call: number, after }, call) });
      progress?.(deaths.length, points.size * 2);
    }
  }
  return deaths;
}

/** A story as it is told once, without a death; and how it differs with one. */
interface Told {
  story: string;
  telling: Telling;
  calls(): Promise<readonly Call[]>;
  die(killing: Killing, call: Call): Promise<string[]>;
}

type Point = Told & { number: number; call: Call };

function tellingsOf(configuration: Configuration, story: string): Told[] {
  if (Object.hasOwn(scalingStories, story)) {
    const pass = (killing: Killing | null) => passScaling(configuration, story, killing);
    return [tellingOf(story, "one", pass, scalingDifferences)];
  }
  return tellings.map((telling) =>
    tellingOf(story, telling, (killing) => passStory(configuration, { story, telling }, killing), differencesOf),
  );
}

function tellingOf<Result extends { calls: readonly Call[] }>(
  story: string,
  telling: Telling,
  pass: (killing: Killing | null) => Promise<Result>,
  compare: (undisturbed: Result, outcome: Result, call: Call) => string[],
): Told {
  const undisturbed = { result: null as Result | null };
  return {
    ...{ story, telling },
    async calls() {
      undisturbed.result = await pass(null);
      return undisturbed.result.calls;
    },
    async die(killing, call) {
      const first = undisturbed.result ?? (await pass(null));
      return compare(first, await pass(killing), call);
    },
  };
}

export interface Outcome {
  calls: readonly Call[];
  deaths: readonly OperationName[];
  broken: string[];
  /** Every incident with its timeline, but for the lines of the sender. */
  incidents: object[];
  alarms: object[];
  /** Each page on each channel → how often it went out. */
  pages: Map<string, number>;
}

/** One story and nothing else, from its beginning until everything has come to rest. */
async function passStory(
  configuration: Configuration,
  { story, telling }: Pick<Death, "story" | "telling">,
  killing: Killing | null,
): Promise<Outcome> {
  const killer = createKiller(killing);
  const enter = (world: World) => {
    killer.revive(world);
    if (telling === "refusing") killer.refuse(() => world.clock.now() < start + refusing);
    acknowledgeSome(world);
  };
  const made = await createEstateWorld(
    { configuration, start, faults: killer.faults },
    createChance("transport"),
    enter,
  );
  const { world, transport, happenings, watch } = made;
  stories[story]?.(happenings, start + 5 * minute, createChance(`${story} ${telling}`));
  await transport.runUntil(start + (lengths[story] ?? 8 * hour));
  const pages = new Map<string, number>();
  for (const { page, channel } of world.collected.notifications) {
    pages.set(`${page}|${channel}`, (pages.get(`${page}|${channel}`) ?? 0) + 1);
  }
  return {
    calls: killer.calls,
    deaths: killer.deaths,
    broken: watch.finish().flatMap(({ broken }) => broken),
    incidents: incidentsOf(world).map(({ incident, timeline }) => ({
      incident,
      timeline: timeline.filter(({ n }) => n > 0),
    })),
    alarms: [...alarmRecordsOf(world).values()].map(({ version: _, ...record }) => record),
    pages,
  };
}

const start = Date.UTC(2026, 2, 2, 6);
/** Long enough for the story, and for everything that follows from it. */
const lengths: Readonly<Record<string, number>> = { starved: 33 * hour, forgotten: 33 * hour };
const refusing = 8 * minute;

/** Whoever acknowledges does it by the ledger and not by a page, so that the hour does not depend on one. */
function acknowledgeSome(world: World): void {
  const { clock } = world;
  const receiver = receiverIn(world);
  const opened = { count: 0 };
  onOpened(world, (id) => {
    opened.count += 1;
    if (opened.count % 3 !== 0) return;
    const act = () => respond(receiver, id, { type: "acknowledge", by: "a passer-by" });
    clock.at(clock.now() + 7 * minute, ranks.person, async () => void (await act()));
  });
}

/** What a death has left behind. The sender may send a page a second time, with the same id, and nobody else may. */
export function differencesOf(undisturbed: Outcome, outcome: Outcome, { operation }: Call): string[] {
  if (outcome.deaths.length !== 1) return ["nobody died"];
  const differences = [...outcome.broken];
  if (!isDeepStrictEqual(outcome.incidents, undisturbed.incidents)) differences.push("other incidents");
  if (!isDeepStrictEqual(outcome.alarms, undisturbed.alarms)) differences.push("other alarms");
  for (const page of undisturbed.pages.keys()) if (!outcome.pages.has(page)) differences.push(`${page} was never sent`);
  for (const [page, times] of outcome.pages) {
    const most = operation === "notify-responders" ? 2 : 1;
    if (!undisturbed.pages.has(page)) differences.push(`${page} should not be`);
    if (times > most) differences.push(`${page} was sent ${times} times`);
  }
  return differences;
}
