import type { Entry, Incident } from "../shared/incident/types.ts";
import { parse } from "../shared/ledger/rows.ts";
import type { World } from "./world.ts";

/** What is promised, and how it was kept. */
export interface Promised {
  name: string;
  /** For people: a count or a length of time. */
  figure: string;
  /** True of what is only counted: there is nothing in it to keep. */
  counted?: true;
  /** The figure of a latency, in milliseconds. */
  worstMs?: number;
  broken: string[];
}

export interface Watch {
  /** What can only be said when everything has come to rest. */
  finish(): Promised[];
}

export interface FollowedLedger {
  /** Every incident as it stands, by its id. */
  incidents: Map<string, Incident>;
  /** Told of each incident that is written, with what it was before. */
  onIncident: ((incident: Incident, before: Incident | undefined) => void)[];
  /** Told of each new entry, with the incident as it was before the transaction that wrote it. */
  onEntry: ((entry: Entry, id: string, before: Incident | undefined) => void)[];
}

export function followLedger({ dynamodb }: World): FollowedLedger {
  const followed: FollowedLedger = { incidents: new Map(), onIncident: [], onEntry: [] };
  const earlier = new Map<string, Incident | undefined>();
  dynamodb.onChange(({ keys, newImage, eventName }) => {
    const id = /^incident#(.*)$/s.exec(keys.pk?.S ?? "")?.[1];
    if (id === undefined || newImage === undefined) return;
    if (keys.sk?.S === "incident") {
      const incident = parse<Incident>(newImage);
      const before = followed.incidents.get(id);
      earlier.set(id, before);
      followed.incidents.set(id, incident);
      for (const listener of followed.onIncident) listener(incident, before);
    } else if (keys.sk?.S?.startsWith("entry#") && eventName === "INSERT") {
      for (const listener of followed.onEntry) listener(parse<Entry>(newImage), id, earlier.get(id));
    }
  });
  return followed;
}

export function lasting(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
