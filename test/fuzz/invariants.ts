import { childrenOf } from "../../shared/delivery/alarm-rule.ts";
import { parseAlarmArn } from "../../shared/delivery/arn.ts";
import { type Alarm, alarmStates, type Delivery, type Mute } from "../../shared/delivery/types.ts";
import { severities } from "../../shared/severity.ts";

// What must hold of everything that the reader gives, whatever it was given.

const doors: readonly string[] = ["event", "action", "topic", "finding", "reconcile", "unknown"];
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2201, 0, 1);
const maximumText = 1_024;
const keys: Record<Delivery["type"], string> = {
  transition: "alarm,at,contributor,door,mute,previous,reason,state,type",
  configuration: "alarm,at,door,operation,type",
  finding: "at,door,message,operation,remedy,resource,rule,severity,state,type",
  unparsed: "at,door,path,problem,raw,type",
};

/** What is wrong with one delivery; null when it is well formed to its last field. */
export function problemWith(delivery: Delivery): string | null {
  if (!Object.hasOwn(keys, delivery.type)) return `the type ${String(delivery.type)} is unknown`;
  const found = Object.keys(delivery).toSorted().join();
  if (found !== keys[delivery.type]) return `${delivery.type} has the fields ${found}`;
  if (!doors.includes(delivery.door)) return `the door ${String(delivery.door)} is unknown`;
  if (delivery.at === null ? delivery.type !== "unparsed" : !isInstant(delivery.at)) return `at is ${delivery.at}`;
  return problemWithRest(delivery);
}

/** How many documents a list of deliveries tells of: one that says that it stands for the rest of a list stands for each of them. */
export function toldOf(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((sum, delivery) => sum + (isRest(delivery) ? delivery.raw.Records.length : 1), 0);
}

function problemWithRest(delivery: Delivery): string | null {
  switch (delivery.type) {
    case "transition": {
      const { alarm, contributor, state, reason, previous, mute } = delivery;
      if (!alarmStates.includes(state)) return `the state ${state} is unknown`;
      if (previous !== null && !alarmStates.includes(previous)) return `the state before, ${previous}, is unknown`;
      if (!isText(reason, 0, maximumText)) return "the reason is no text, or too long";
      if (contributor !== null && !isText(contributor.id, 1, 128))
        return "the contributor has no id, or too long a one";
      if (contributor !== null && !isTextMap(contributor.attributes))
        return "the contributor's attributes are no texts";
      return problemWithMute(mute) ?? problemWithAlarm(alarm);
    }
    case "configuration":
      return problemWithAlarm(delivery.alarm);
    case "finding": {
      const { operation, rule, resource, message, remedy, severity, state } = delivery;
      if (!severities.includes(severity)) return `the severity ${severity} is unknown`;
      if (state !== "raised" && state !== "cleared") return `the state ${String(state)} is unknown`;
      if (![message, remedy].every((text) => isText(text, 1, maximumText)))
        return "its words are no texts, or too long";
      if (![operation, rule, resource].every((text) => isText(text, 1))) return "it does not say what it is about";
      return Buffer.byteLength(operation + rule + resource) <= 1_800 ? null : "its key fits into no table";
    }
    case "unparsed": {
      if (!isText(delivery.path, 1, 64)) return "the failing path is empty, or too long";
      if (!isText(delivery.problem, 1, 300)) return "the problem is empty, or too long";
      return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(delivery.problem) ? "the problem is not one harmless line" : null;
    }
    default:
      return delivery satisfies never;
  }
}

function problemWithAlarm({ arn, name, account, region, description, metrics, alarmRule }: Alarm): string | null {
  const parts = parseAlarmArn(arn);
  if (parts === null) return "its ARN is none";
  if (parts.account !== account || parts.region !== region) return "its account or region is not its ARN's";
  if (!isText(name, 1, 255)) return "it has no name, or too long a one";
  if (parts.name !== name || arn.length > 400) return "its ARN is another alarm's";
  if (description !== null && !isText(description, 1, maximumText)) return "its description is no text, or too long";
  if (metrics.length > 500 || JSON.stringify(metrics).length > 41_000) return "it has too many metrics";
  for (const metric of metrics) {
    if (!isText(metric.namespace, 1) || !isText(metric.name, 1)) return "a metric has no name";
    if (!isTextMap(metric.dimensions)) return "a metric's dimensions are no texts";
  }
  if (alarmRule === null) return null;
  return isText(alarmRule, 1) ? problemWithChildren(alarmRule, parts) : "its rule is no text";
}

function problemWithChildren(rule: string, parent: Parameters<typeof childrenOf>[1]): string | null {
  const children = childrenOf(rule, parent);
  if (children.length > 500 || new Set(children).size < children.length) return "its rule gives too many alarms";
  return children.every((arn) => parseAlarmArn(arn) !== null) ? null : "its rule gives what is no alarm";
}

function problemWithMute(mute: Mute | null): string | null {
  if (mute === null) return null;
  if (!isText(mute.by, 1, 400)) return "the mute is nobody's, or its name is too long";
  return mute.until === null || isInstant(mute.until) ? null : `the mute ends at ${mute.until}`;
}

function isRest(delivery: Delivery): delivery is Delivery & { raw: { Records: unknown[] } } {
  return delivery.type === "unparsed" && delivery.path === "Records" && /^more than \d+ records/.test(delivery.problem);
}

function isInstant(at: unknown): boolean {
  return typeof at === "number" && Number.isInteger(at) && at >= earliest && at < latest;
}

function isText(value: unknown, minimum: number, maximum = Number.POSITIVE_INFINITY): boolean {
  if (typeof value !== "string" || !value.isWellFormed()) return false;
  return value.length >= minimum && value.length <= maximum;
}

function isTextMap(map: unknown): boolean {
  if (typeof map !== "object" || map === null || Object.getPrototypeOf(map) !== Object.prototype) return false;
  const values = Object.values(map);
  return values.length <= 50 && values.every((value) => isText(value, 0));
}
