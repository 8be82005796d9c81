import { parseDeliveries } from "../shared/delivery/parse.ts";
import type { Delivery } from "../shared/delivery/types.ts";
import { isOpen } from "../shared/incident/draft.ts";
import { isRed } from "../shared/incident/record.ts";
import { seenKey } from "../shared/incident/rows.ts";
import { hour, iso, minute, second } from "../shared/instant.ts";
import { blindKey, blindnesses, blindnessesOf, isLasting } from "../shared/intake/blindness.ts";
import { findingKey } from "../shared/intake/findings.ts";
import type { Row } from "../shared/ledger/rows.ts";
import type { RedTime } from "./happenings.ts";
import { type AlarmRecords, alarmRecordsOf, type IncidentReport, incidentsOf } from "./report.ts";
import { ledgerTable } from "./table.ts";
import type { Transport } from "./transport.ts";
import type { World } from "./world.ts";

/** So long an alarm may be red unseen when its event was lost: the sweep's grace, the sweep, and what the faults add. */
const healing = 5 * minute;
/** A message that failed comes again after six minutes, and may fail again. */
const redelivery = 40 * minute;

/** Everything that was told, or was true, and that the ledger does not know; as sentences. */
export function lostIn(world: World, transport: Transport, red: readonly RedTime[]): string[] {
  const reports = incidentsOf(world);
  const records = alarmRecordsOf(world);
  const givenUp = transport.deadLetters > 0 ? [`${transport.deadLetters} deliveries were given up`] : [];
  const underway = transport.underway > 0 ? [`${transport.underway} deliveries never arrived`] : [];
  return [
    ...givenUp,
    ...underway,
    ...untaken(world, transport),
    ...unseen(world, transport, red, reports),
    ...untrue(world, reports, records),
    ...unaudited(world, records),
  ];
}

/** Deliveries that left no trace in the ledger. */
function untaken({ dynamodb }: World, { delivered }: Transport): string[] {
  const rows = new Set<string>();
  for (const { pk, sk } of dynamodb.items(ledgerTable)) rows.add(`${pk?.S}\n${sk?.S}`);
  return delivered.flatMap((document) =>
    parseDeliveries(document).flatMap((delivery) => {
      const trace = traceOf(delivery);
      return trace === null || rows.has(`${trace.pk?.S}\n${trace.sk?.S}`)
        ? []
        : [`no trace of ${JSON.stringify(trace)}`];
    }),
  );
}

function traceOf(delivery: Delivery): Row | null {
  switch (delivery.type) {
    case "transition":
      return seenKey(delivery.alarm.arn, delivery.contributor?.id ?? "", delivery.at);
    case "finding":
      return seenKey(findingKey(delivery), "", delivery.at);
    case "unparsed":
      return { pk: { S: `thread#unparsed|${delivery.door}|${delivery.path}` }, sk: { S: "thread" } };
    case "configuration":
      return null;
    default:
      return delivery satisfies never;
  }
}

/** Red times that lasted long enough to be seen whatever was lost, and that are in no incident. */
function unseen(
  world: World,
  { missed }: Transport,
  red: readonly RedTime[],
  reports: readonly IncidentReport[],
): string[] {
  const known = new Set<string>();
  for (const { incident, timeline } of reports) {
    // Where the OK of an earlier red time was lost after a person had resolved it, this one is told by the new incident alone.
    for (const { arn } of Object.values(incident.members))
      known.add(`${arn}|${Math.floor(incident.openedAt / second)}`);
    for (const { change } of timeline) {
      for (const member of Object.values(change.members ?? {})) {
        for (const { from } of member?.spans ?? []) known.add(`${member?.arn}|${Math.floor(from / second)}`);
      }
    }
  }
  return red.flatMap(({ arn, from, until }) => {
    const end = until ?? world.clock.now();
    const slack =
      missed.filter((at) => at >= from && at <= end).length * minute + (world.faults.isCalm ? 0 : redelivery);
    if (end - from < healing + slack || known.has(`${arn}|${Math.floor(from / second)}`)) return [];
    return [`${arn} was red from ${iso(from)} to ${iso(end)}, and no incident says so`];
  });
}

/** Alarms that CloudWatch shows otherwise than the ledger, when every sweep has had the time to see them. */
function untrue({ cloudwatch, clock }: World, reports: readonly IncidentReport[], records: AlarmRecords): string[] {
  const open = reports.flatMap(({ incident }) => (isOpen(incident) ? [incident] : []));
  return cloudwatch.all().flatMap(({ arn, state, stateAt }) => {
    if (clock.now() - stateAt < hour / 2) return [];
    const record = records.get(arn);
    if (state === "ALARM" && (record === undefined || !isRed(record)))
      return [`${arn} is red, and the ledger does not know`];
    const holding = open.find(({ members }) => members[arn]?.red);
    if (state === "OK" && holding !== undefined) return [`${arn} is OK, and ${holding.id} holds it for red`];
    return [];
  });
}

/** Alarms that have been blind for long, or see again, and no finding says so: at the end there was time for two audits. */
function unaudited({ cloudwatch, clock, configuration }: World, records: AlarmRecords): string[] {
  const before = clock.now() - 2 * hour;
  return cloudwatch.all().flatMap(({ arn, state, stateAt, evaluationState = null, actionsEnabled }) => {
    const sight = { state, at: stateAt, evaluation: evaluationState, actionsEnabled };
    const holds = blindnessesOf(sight);
    return blindnesses.flatMap((blindness) => {
      const record = records.get(blindKey(blindness, arn));
      const isRaised = record !== undefined && isRed(record);
      if (isRaised && !holds.includes(blindness)) return [`${arn} is mended, and its finding ${blindness} is not`];
      const lasts = holds.includes(blindness) && isLasting(blindness, sight, before, configuration);
      return lasts && !isRaised ? [`${arn} is blind, and there is no finding ${blindness}`] : [];
    });
  });
}
