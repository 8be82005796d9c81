import type { Change, Entry, Incident, Member } from "./types.ts";

/** The incident after one entry. The first entry of a timeline (`opened`) carries every field. */
export function evolve(incident: Incident | null, entry: Entry): Incident {
  const base = incident ?? blank(entry.change);
  const { members, ...fields } = entry.change;
  return {
    ...base,
    ...fields,
    members: members === undefined ? base.members : present({ ...base.members, ...members }),
    entries: entry.n,
  };
}

function present(members: Record<string, Member | null>): Record<string, Member> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([arn, member]) => (member === null ? [] : [[arn, member]])),
  );
}

/** Rebuilds an incident from its timeline; entries that the sender wrote change nothing and may be left in. */
export function fold(entries: Entry[]): Incident | null {
  const ordered = entries.filter((entry) => entry.n > 0).sort((left, right) => left.n - right.n);
  return ordered.reduce<Incident | null>(evolve, null);
}

function blank(change: Change): Incident {
  return {
    id: "",
    key: "",
    kind: "alarm",
    service: null,
    team: "",
    status: "open",
    severity: "P3",
    alarmSeverity: "P3",
    openedAt: 0,
    recordedAt: 0,
    resolvedAt: null,
    resolution: null,
    mergedInto: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    episode: 1,
    active: false,
    clock: null,
    paused: null,
    raisedAt: null,
    firstPageAt: null,
    statusEntry: null,
    told: {},
    ordinals: {},
    repeats: 0,
    entries: 0,
    ...change,
    members: {},
  };
}
