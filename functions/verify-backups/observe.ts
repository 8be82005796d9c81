import type { HeldPoints } from "../../shared/backups/prune.ts";
import type { Evidence, Resource } from "../../shared/backups/types.ts";
import type { Instant } from "../../shared/instant.ts";
import { typeOfArn } from "./arns.ts";
import { keyStates } from "./key-states.ts";
import type { Observers, Place } from "./observers.ts";
import { Reading } from "./reading.ts";
import { type Inquiry, inventoryOf, type Source, unknownResource, unlistedTypes } from "./sources.ts";

/** What is known of a region's resources: everything that they are judged by. */
export interface Observed {
  evidence: Evidence[];
  sources: Source[];
}

export interface Observing extends Inquiry {
  /** The region whose resources are judged. */
  here: { observers: Observers; place: Place };
  /** Regions in which copies of them should be. */
  elsewhere: readonly { observers: Observers; place: Place }[];
  now: Instant;
}

/** Reads all that there is, page by page, and holds of it what says something. */
export async function observe({ here, elsewhere, now, hasTime, lastKnown }: Observing): Promise<Observed> {
  const { resources, sources } = await inventoryOf(here.observers, here.place, { hasTime, lastKnown });
  const reading = new Reading(now, hasTime);
  for (const each of [here, ...elsewhere]) await reading.region(each.observers, each.place);
  const jobs = await reading.jobs(here.observers, here.place);
  const held = reading.finished();
  const keys = await keyStates(held.values(), here, elsewhere);
  const all = [...resources, ...strangers(held.keys(), resources, here.place, unlistedTypes({ resources, sources }))];
  const { vaults, unread } = reading;
  const evidence = all.map(
    (resource): Evidence => ({
      ...{ resource, points: held.get(resource.arn) ?? [], vaults, keys, unread },
      jobs: jobs.get(resource.arn) ?? [],
    }),
  );
  return { evidence, sources: [...sources, ...reading.sources, ...notJudged(held, here.place)] };
}

/** What has points and is of a type that nobody judges here is told, so that nobody takes the report for complete. */
function notJudged(held: HeldPoints, { region }: Place): Source[] {
  const arns = [...held].flatMap(([arn, points]) =>
    typeOfArn(arn) === null && points.some((point) => point.region === region) ? [arn] : [],
  );
  if (arns.length === 0) return [];
  const more = arns.length > 3 ? ", …" : "";
  const reason = `${arns.length} resources with backups are of no type that is judged here: ${arns.slice(0, 3).join(", ")}${more}`;
  return [{ source: "other-types", region, complete: false, reason }];
}

/** What only its points tell of: of a type whose owner failed it may well be there, and is unknown; of others it is gone. */
function strangers(
  arns: Iterable<string>,
  resources: readonly Resource[],
  place: Place,
  unlisted: ReadonlyMap<string, string>,
): Resource[] {
  const known = new Set(resources.map(({ arn }) => arn));
  return [...arns].flatMap((arn) => {
    const type = typeOfArn(arn);
    const reason = type === null ? undefined : unlisted.get(type);
    const [, , , region = ""] = arn.split(":");
    // The ARN of a bucket does not say where it is.
    const isHere = region === "" || region === place.region;
    if (known.has(arn) || type === null || reason === undefined || !isHere) return [];
    return [unknownResource({ arn, type }, place, reason)];
  });
}
