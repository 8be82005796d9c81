import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import { type HeldPoints, hold } from "../../shared/backups/prune.ts";
import { isRestorable, takenAt } from "../../shared/backups/restorable.ts";
import type { Evidence, Job, KeyState, RecoveryPoint, Resource, Vault } from "../../shared/backups/types.ts";
import type { Instant } from "../../shared/instant.ts";
import { typeOfArn } from "./arns.ts";
import type { Observers, Place } from "./observers.ts";
import { badJobsOf, copiesOf, isVanished, pointsOf, vaultsOf, whyNot } from "./points.ts";
import { inventoryOf, type Source, unknownResource, unlistedTypes } from "./sources.ts";

/** What is known of a region's resources: everything that they are judged by. */
export interface Observed {
  evidence: Evidence[];
  sources: Source[];
}

export interface Observing {
  /** The region whose resources are judged. */
  here: { observers: Observers; place: Place };
  /** Regions in which copies of them should be. */
  elsewhere: readonly { observers: Observers; place: Place }[];
  now: Instant;
  hasTime: () => boolean;
}

/** Reads all that there is, page by page, and holds of it what says something. */
export async function observe({ here, elsewhere, now, hasTime }: Observing): Promise<Observed> {
  const { resources, sources } = await inventoryOf(here.observers, here.place);
  const reading = new Reading(now, hasTime);
  for (const each of [here, ...elsewhere]) await reading.region(each.observers, each.place);
  const jobs = await reading.jobs(here.observers, here.place);
  const all = [...resources, ...strangers(reading, resources, here.place, unlistedTypes({ resources, sources }))];
  const keys = await reading.keys(here.observers, elsewhere);
  const held = reading.finished();
  const evidence = all.map(
    (resource): Evidence => ({
      ...{ resource, points: held.get(resource.arn) ?? [], vaults: reading.vaults, keys, unread: reading.unread },
      jobs: jobs.get(resource.arn) ?? [],
    }),
  );
  return { evidence, sources: [...sources, ...reading.sources] };
}

/** What only its points tell of: of a type whose owner failed it may well be there, and is unknown; of others it is gone. */
function strangers(
  { held }: Reading,
  resources: readonly Resource[],
  place: Place,
  unlisted: ReadonlyMap<string, string>,
): Resource[] {
  const known = new Set(resources.map(({ arn }) => arn));
  return [...held.keys()].flatMap((arn) => {
    const type = typeOfArn(arn);
    const reason = type === null ? undefined : unlisted.get(type);
    if (known.has(arn) || type === null || reason === undefined) return [];
    return [unknownResource({ arn, type }, place, reason)];
  });
}

/** One reading of vaults, points, jobs and keys, in one region after the other. */
class Reading {
  readonly held: HeldPoints = new Map();
  readonly vaults: Vault[] = [];
  readonly sources: Source[] = [];
  /** Regions of which not all points could be read. */
  readonly unread = new Map<string, string>();
  readonly #copies = new Map<string, string>();
  readonly #instants = new Map<string, Instant>();
  readonly #now: Instant;
  readonly #hasTime: () => boolean;

  constructor(now: Instant, hasTime: () => boolean) {
    this.#now = now;
    this.#hasTime = hasTime;
  }

  async region({ backup }: Observers, { region }: Place): Promise<void> {
    await this.#around("copy-jobs", region, async () => {
      for (const [copy, source] of await copiesOf(backup)) this.#copies.set(copy, source);
    });
    const sources = new Set(this.#copies.values());
    await this.#around("recovery-points", region, async () => {
      for await (const vaults of vaultsOf(backup, region, this.#now)) {
        for (const vault of vaults) {
          this.vaults.push(vault);
          await this.#vault(backup, vault, sources);
        }
      }
    });
  }

  async #vault(backup: Observers["backup"], { name, region }: Vault, sources: ReadonlySet<string>): Promise<void> {
    try {
      for await (const page of pointsOf(backup, name, region)) {
        if (!this.#hasTime()) throw new Error("no time was left");
        for (const point of page) if (sources.has(point.arn)) this.#instants.set(point.arn, takenAt(point));
        hold(this.held, page);
      }
    } catch (error) {
      const reason = isVanished(error)
        ? `the vault ${name} vanished while it was read`
        : whyNot(`the vault ${name}`, error);
      this.unread.set(region, reason);
      this.sources.push({ source: `vault ${name}`, region, complete: false, reason });
    }
  }

  /** By resource. */
  async jobs({ backup }: Observers, { region }: Place): Promise<Map<string, Job[]>> {
    const jobs = new Map<string, Job[]>();
    await this.#around("backup-jobs", region, async () => {
      for await (const page of badJobsOf(backup, this.#now)) {
        for (const job of page) jobs.set(job.resourceArn, [...(jobs.get(job.resourceArn) ?? []), job]);
      }
    });
    return jobs;
  }

  /** Of every key behind a point that could be restored from, where it is. */
  async keys(here: Observers, elsewhere: Observing["elsewhere"]): Promise<Map<string, KeyState>> {
    const states = new Map<string, KeyState>();
    const wanted = new Set(
      [...this.held.values()].flat().flatMap((point) => (isRestorable(point) ? (point.key?.arn ?? []) : [])),
    );
    for (const arn of wanted) {
      const there = elsewhere.find(({ place }) => arn.split(":")[3] === place.region);
      states.set(arn, await keyState(there?.observers ?? here, arn));
    }
    return states;
  }

  /** Copies with the instant of what was copied: the jobs of all regions are known by now. */
  finished(): HeldPoints {
    for (const [resource, points] of this.held)
      this.held.set(
        resource,
        points.map((point) => this.#dated(point)),
      );
    return this.held;
  }

  #dated(point: RecoveryPoint): RecoveryPoint {
    const copyOf = this.#copies.get(point.arn) ?? null;
    if (copyOf === null) return point;
    return { ...point, isCopy: true, copyOf, consistentAt: this.#instants.get(copyOf) ?? point.consistentAt };
  }

  async #around(source: string, region: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
      this.sources.push({ source, region, complete: true, reason: null });
    } catch (error) {
      const reason = whyNot(source, error);
      if (source === "recovery-points") this.unread.set(region, reason);
      this.sources.push({ source, region, complete: false, reason });
    }
  }
}

async function keyState({ kms }: Observers, arn: string): Promise<KeyState> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
    return stateOf(KeyMetadata);
  } catch {
    // Whether it could not be found or not be asked: nobody can say that it will decrypt anything.
    return "unknown";
  }
}

function stateOf(metadata: KeyMetadata | undefined): KeyState {
  if (metadata?.KeyManager === "AWS") return "aws-managed";
  switch (metadata?.KeyState) {
    case "Enabled":
      return "enabled";
    case "Disabled":
    case "Unavailable":
      return "disabled";
    case "PendingDeletion":
    case "PendingReplicaDeletion":
      return "pending-deletion";
    default:
      return "unknown";
  }
}
