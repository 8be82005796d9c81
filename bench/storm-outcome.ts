import { outgoingFrom } from "../shared/incident/rows.ts";
import type { Incident } from "../shared/incident/types.ts";
import { minute } from "../shared/instant.ts";
import { seenFrom } from "../shared/intake/seen.ts";
import { parse, type Row } from "../shared/ledger/rows.ts";
import { arnOf } from "../simulation/estate.ts";
import { ledgerTable } from "../simulation/table.ts";
import type { World } from "../simulation/world.ts";
import type { History } from "./storm-history.ts";

/** What became of a storm. */
export interface Outcome {
  /** Transitions of which the ledger knows nothing. */
  lost: number;
  incidents: number;
  keysWithOneIncident: number;
  /** Incidents that no message names. */
  untold: number;
  /** What was sent to people, and the most that the policy for storms lets through. */
  sent: number;
  sentAtMost: number;
  /** Pages, and those of them that were not told exactly once: by themselves, or in a summary. */
  pages: number;
  pagesAstray: number;
}

export function outcomeOf(world: World, history: History): Outcome {
  const rows = [...world.dynamodb.items(ledgerTable)];
  const incidents = rows.filter(({ sk }) => sk?.S === "incident").map((row) => parse<Incident>(row));
  const byKey = Map.groupBy(incidents, ({ key }) => key);
  const named = new Set(world.collected.notifications.flatMap((told) => told.incidents));
  const pages = rows.filter(({ pk, sk }) => pk?.S?.startsWith("incident#") && sk?.S?.startsWith("page#"));
  return {
    lost: lostOf(rows, history),
    incidents: incidents.length,
    keysWithOneIncident: [...byKey.values()].filter(({ length }) => length === 1).length,
    untold: incidents.filter(({ id }) => !named.has(id)).length,
    sent: world.collected.notifications.length,
    sentAtMost: sentAtMost(world, history),
    pages: pages.length,
    pagesAstray: pages.filter((row) => !isToldOnce(row)).length,
  };

  function isToldOnce(row: Row): boolean {
    const { id, channel, audience, createdAt, incidents: about } = outgoingFrom(row);
    const told = world.collected.notifications.filter((each) => each.channel === channel && each.audience === audience);
    const alone = told.filter(({ page }) => page === id).length;
    const isInSummary = told.some(
      ({ reason, at, incidents: listed }) =>
        reason === "summary" && at >= createdAt && about.every((incident) => listed.includes(incident)),
    );
    return alone === 1 || (alone === 0 && isInSummary);
  }
}

function lostOf(rows: readonly Row[], { transitions, transition }: History): number {
  const seen = new Set<string>();
  for (const row of rows) {
    const arn = row.pk?.S?.replace(/^alarm#/, "");
    if (!row.sk?.S?.startsWith("seen#")) continue;
    for (const { state, at } of seenFrom(row)) seen.add(`${arn} ${state} ${at}`);
  }
  const all = Array.from({ length: transitions }, (_, index) => transition(index));
  return all.filter(({ alarm, state, at }) => !seen.has(`${arnOf(alarm.name)} ${state} ${at}`)).length;
}

/** To each audience, and in each window: as many pages as make no storm, and a summary of the rest. */
function sentAtMost({ collected, configuration, clock }: World, { until }: History): number {
  const { pages, minutes } = configuration.incidents.storm;
  const audiences = new Set(collected.notifications.map(({ audience }) => audience));
  const windows = Math.ceil((clock.now() - until) / (minutes * minute));
  return audiences.size * windows * (pages + 1);
}
