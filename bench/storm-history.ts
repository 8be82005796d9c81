import type { AlarmState } from "../shared/delivery/types.ts";
import { type Instant, minute } from "../shared/instant.ts";
import type { Chance } from "../simulation/chance.ts";
import type { Happening } from "../simulation/documents.ts";
import type { EstateAlarm } from "../simulation/estate.ts";

/** What happens in a storm, and in which order it is told. */
export interface History {
  keys: number;
  transitions: number;
  /** One of the transitions, counted from 0 as they happen. */
  transition(index: number): Happening;
  /** The last transition of each alarm: what CloudWatch shows when the storm is over. */
  last(): Happening[];
  /** The transitions as they are delivered: shuffled, a fifth of them twice. */
  deliveries: readonly number[];
  from: Instant;
  until: Instant;
}

const alarmsOfKey = 2;
const changesOfAlarm = 10;
/** So many of the deliveries come twice. */
const doubled = 0.2;
const from = Date.UTC(2026, 4, 4, 10);
/** Shorter than it takes an incident to resolve, so that each key has one incident in whatever order it is told. */
const lasting = 4 * minute;

/**
 * Services whose alarms flap together: each has two, and each of these changes ten times, to ALARM in the end. An alarm
 * that ended OK could be heard of for the first time when it is over, and would rightly have no incident.
 */
export function historyOf(keys: number, chance: Chance): History {
  const alarms = Array.from({ length: keys * alarmsOfKey }, (_, index) => alarmOf(index));
  const transitions = alarms.length * changesOfAlarm;
  const all = Array.from({ length: transitions }, (_, index) => index);
  const transition = (index: number): Happening => {
    const alarm = alarms[index % alarms.length] ?? alarmOf(0);
    const [state, previous] = statesOf(Math.floor(index / alarms.length));
    const at = from + Math.floor((index / transitions) * lasting);
    return { alarm, state, previous, at, reason: "Threshold Crossed", mute: null };
  };
  return {
    keys,
    transitions,
    transition,
    last: () => all.slice(-alarms.length).map(transition),
    deliveries: chance.shuffle([...all, ...chance.shuffle(all).slice(0, transitions * doubled)]),
    from,
    until: from + lasting,
  };
}

function statesOf(change: number): [AlarmState, AlarmState] {
  if (change === 0) return ["OK", "INSUFFICIENT_DATA"];
  return change % 2 === 0 ? ["OK", "ALARM"] : ["ALARM", "OK"];
}

function alarmOf(index: number): EstateAlarm {
  const service = `service-${Math.floor(index / alarmsOfKey)}`;
  const tags = { "nightshift:tier": "high", "nightshift:service": service };
  return { name: `${service}-alarm-${index % alarmsOfKey}`, tags, namespace: "Storm", metric: "Errors" };
}
