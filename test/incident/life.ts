import { blankThread } from "../../shared/incident/blank.ts";
import { type Command, decide, type Heard, type PersonCommand } from "../../shared/incident/decide.ts";
import { memberOf } from "../../shared/incident/member.ts";
import {
  type AlarmRecord,
  blankRecord,
  end,
  hear,
  isRed,
  isStale,
  type Heard as Voice,
} from "../../shared/incident/record.ts";
import type { Decision, Incident, Member, Thread } from "../../shared/incident/types.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import type { Severity } from "../../shared/severity.ts";
import { policy as production } from "./stage.ts";
import { arnOf, at, start } from "./stories.ts";

// What one key lives through, in the core alone: records, members and decisions, with no table, queue or sender about them.
// A stage (stage.ts) plays whole stories; a life has thousands of steps in the time of one of them.

export interface Telling extends Partial<Pick<Heard, "service" | "team" | "reason" | "placed" | "rose">> {
  /** When it is recorded; at its stamp unless stated. */
  now?: Instant;
  severity?: Severity;
  kind?: Member["kind"];
  mute?: Member["mute"];
  /** The contributor that speaks; the alarm itself unless stated. */
  source?: string;
  untagged?: boolean;
}

export interface Life {
  readonly thread: Thread | null;
  /** The incident that is or was last open. */
  readonly incident: Incident;
  /** What was decided, in order. */
  readonly decisions: Decision[];
  fires(name: string, at: Instant, telling?: Telling): Decision;
  clears(name: string, at: Instant, telling?: Telling): Decision;
  blinds(name: string, at: Instant, telling?: Telling): Decision;
  /** The alarm was deleted, or (with `false`) let go. */
  ends(name: string, at: Instant, deleted?: boolean): Decision;
  does(at: Instant, command: PersonCommand | Extract<Command, { type: "unknown-shape" }>): Decision;
  tick(at: Instant): Decision;
  /** Ticks every minute up to and with this one, as the sweep does. */
  until(at: Instant): void;
  member(name: string): Member;
}

export function createLife({ key = "shop", policy = production, service = "shop" as string | null } = {}): Life {
  const records = new Map<string, AlarmRecord>();
  const decisions: Decision[] = [];
  let thread: Thread | null = null;
  let last = start;

  function decided(command: Command, now: Instant): Decision {
    const decision = decide(thread, key, command, now, policy);
    thread = decision.thread;
    last = Math.max(last, now);
    decisions.push(decision);
    return decision;
  }

  function tell(name: string, state: Voice["state"], at: Instant, telling: Telling): Decision {
    const { mute = null, source = "", kind = "alarm", untagged = false } = telling;
    const known = records.get(name) ?? { ...blankRecord(arnOf(name), name, kind), tags: { values: {}, at } };
    const before = { ...known, tags: untagged ? null : { values: {}, at } };
    const voice = { state, at, mute, source, provesNoMute: false };
    const record = hear(before, voice);
    return say(name, record, at, { rose: !isRed(before) && isRed(record), ...telling }, isStale(before, voice));
  }

  function say(name: string, record: AlarmRecord, at: Instant, telling: Telling, stale: boolean): Decision {
    records.set(name, record);
    const { now = at, severity = "P1", rose = false } = telling;
    const { team = "operations", reason = "Threshold Crossed", placed = "" } = telling;
    const member = memberOf(record, severity, policy);
    const outcome = stale ? "stale" : "applied";
    const own = telling.service === undefined ? service : telling.service;
    return decided({ type: "heard", member, service: own, team, at, outcome, rose, reason, placed }, now);
  }

  return {
    get thread() {
      return thread;
    },
    get incident() {
      if (thread?.incident == null) throw new Error(`there is no incident under ${key}`);
      return thread.incident;
    },
    decisions,
    fires: (name, at, telling = {}) => tell(name, "ALARM", at, telling),
    clears: (name, at, telling = {}) => tell(name, "OK", at, telling),
    blinds: (name, at, telling = {}) => tell(name, "INSUFFICIENT_DATA", at, telling),
    ends(name, at, deleted = true) {
      const record = records.get(name) ?? blankRecord(arnOf(name), name, "alarm");
      return say(name, end(record, at, deleted), at, {}, false);
    },
    does: (at, command) => decided(command, at),
    tick: (at) => decided({ type: "tick" }, at),
    until(at) {
      for (let now = Math.floor(last / minute + 1) * minute; now <= at; now += minute) decided({ type: "tick" }, now);
    },
    member: (name) => listedIn(thread, name),
  };
}

function listedIn(thread: Thread | null, name: string): Member {
  const found = thread?.incident?.members[arnOf(name)];
  if (found === undefined) throw new Error(`${name} is not listed`);
  return found;
}

/** What was written into timelines, as `+5 opened: cpu is in ALARM (P1)`: the minutes since the story began, and what. */
export function timeline({ decisions }: Pick<Life, "decisions">): string[] {
  return decisions.flatMap(({ entries }) =>
    entries.map(({ entry }) => `+${(entry.at - start) / minute} ${entry.type}: ${entry.text}`),
  );
}

/** What was paged, as `+15 escalated P0 operations-2`; the minute is that from which it may go out. */
export function pages({ decisions }: Pick<Life, "decisions">): string[] {
  return decisions.flatMap((decision) =>
    decision.pages.map(({ dueAt, reason, severity, audience }) => {
      return `+${(dueAt - start) / minute} ${reason} ${severity} ${audience}`;
    }),
  );
}

/** The names of the alarms that the incident lists, sorted. */
export function listed({ incident }: Life): string[] {
  return Object.values(incident.members)
    .map(({ name }) => name)
    .sort();
}

/** A mute rule's mute. */
export function mutedUntil(until: Instant | null, by = "work"): NonNullable<Member["mute"]> {
  return { by, until };
}

// Lives in few words, for what is decided of two threads.

type Step = (life: Life) => void;

/** The thread of a key, after these steps. */
export function lived(key: string, live: Step = () => {}, service: string | null = null): Thread {
  const life = createLife({ key, service });
  live(life);
  return life.thread ?? blankThread(key);
}

export function fires(name: string, minutes: number, telling: Telling = {}): Step {
  return (life) => {
    life.fires(name, at(minutes), { service: null, ...telling });
  };
}

/** Red for a minute, and resolved. */
export function resolved(name: string, minutes: number): Step {
  return (life) => {
    fires(name, minutes)(life);
    life.clears(name, at(minutes + 1));
    life.until(at(minutes + 6));
  };
}

export function all(...steps: Step[]): Step {
  return (life) => {
    for (const step of steps) step(life);
  };
}
