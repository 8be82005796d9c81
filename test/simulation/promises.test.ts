import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { decide } from "../../shared/incident/decide.ts";
import { decisionWrites } from "../../shared/incident/rows.ts";
import { readThread } from "../../shared/incident/store.ts";
import type { Thread } from "../../shared/incident/types.ts";
import { hour, minute } from "../../shared/instant.ts";
import { commit } from "../../shared/ledger/store.ts";
import type { Fields } from "../../shared/log.ts";
import { createChance } from "../../simulation/chance.ts";
import { estate, recordOf } from "../../simulation/estate.ts";
import type { RedTime } from "../../simulation/happenings.ts";
import { watchPromises } from "../../simulation/promises.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createTransport } from "../../simulation/transport.ts";
import { createWorld } from "../../simulation/world.ts";

// A watch that never barks is worth nothing: each promise is broken on purpose here, and must be seen to be broken.

const { configuration } = loadConfiguration("production", {});
const start = Date.UTC(2026, 2, 2, 9);

async function watched(red: RedTime[] = []) {
  const world = await createWorld({ configuration, start, account: "111122223333", region: "eu-west-1" });
  const transport = createTransport(world, createChance("watched"));
  const watch = watchPromises(world, transport, { red });
  const ledger = { client: world.dynamodb, table: ledgerTable };
  const broken = () => watch.finish().flatMap((promise) => (promise.broken.length > 0 ? [promise.name] : []));
  return { world, transport, ledger, broken };
}

type Watched = Awaited<ReturnType<typeof watched>>;

/** Opens a P1 incident, by a delivery of unknown shape, and gives its thread. */
async function openOne({ world, ledger }: Watched): Promise<Thread> {
  await world.open({ Records: [{ messageId: "1", body: '{"what":1}' }] });
  const [row] = [...world.dynamodb.items(ledgerTable)].filter(({ sk }) => sk?.S === "thread");
  return readThread(ledger, (row?.pk?.S ?? "").slice("thread#".length));
}

/** The sender's line of the first page that went out. */
function lineOf({ world }: Watched): Fields {
  const [sent] = world.collected.notifications;
  if (sent === undefined) throw new Error("nothing was sent");
  const { level, ...others } = sent;
  return { ...others, teamLevel: level };
}

test("nothing is broken where nothing happened", async () => {
  expect((await watched()).broken()).toEqual([]);
});

test("nothing is broken by an incident that is opened and paged", async () => {
  const given = await watched();
  await openOne(given);
  await given.world.wake();
  expect(given.world.collected.notifications).toHaveLength(1);
  expect(given.broken()).toEqual([]);
});

test("a second open incident under one key is seen", async () => {
  const given = await watched();
  const { incident, key } = await openOne(given);
  const body = { S: JSON.stringify({ ...incident, id: "another", key }) };
  const Item = { pk: { S: "incident#another" }, sk: { S: "incident" }, body };
  await given.world.dynamodb.send(new PutItemCommand({ TableName: ledgerTable, Item }));
  expect(given.broken()).toContain("one open incident per key");
});

test("a page after an acknowledgement is seen", async () => {
  const given = await watched();
  const thread = await openOne(given);
  await given.world.wake();
  const acknowledged = decide(thread, thread.key, { type: "acknowledge", by: "somebody" }, start, configuration);
  await commit(given.ledger, decisionWrites(ledgerTable, acknowledged, start, configuration));
  given.world.collected.log.info("page sent", { ...lineOf(given), page: "another", reason: "reminded" });
  expect(given.broken()).toEqual(["no page after an acknowledgement"]);
});

test("a page that goes out twice although its sender lived is seen", async () => {
  const given = await watched();
  await openOne(given);
  await given.world.wake();
  given.world.collected.log.info("page sent", lineOf(given));
  expect(given.broken()).toEqual(["each page once"]);
});

test.each([
  ["an escalation that is early", "escalateAt", -1, "escalated", "no escalation early"],
  ["an escalation that is late", "escalateAt", 3, "escalated", "worst escalation lateness"],
  ["a reminder that is early", "acknowledgeAt", -1, "reminded", "no reminder early"],
  ["a reminder that is late", "acknowledgeAt", 3, "reminded", "worst reminder lateness"],
] as const)("%s is seen", async (_, timer, minutesOff, type, name) => {
  const given = await watched();
  const thread = await openOne(given);
  const { incident } = thread;
  if (incident?.clock == null) throw new Error("no clock runs");
  const at = (incident.clock[timer] ?? 0) + minutesOff * minute;
  // The decision is made as if the clock had said otherwise, so that it is too early by what the ledger says.
  const clock = { ...incident.clock, acknowledgeAt: null, escalateAt: null, [timer]: at };
  const decision = decide(
    { ...thread, incident: { ...incident, clock } },
    thread.key,
    { type: "tick" },
    at,
    configuration,
  );
  expect(decision.entries.map(({ entry }) => entry.type)).toContain(type);
  await commit(given.ledger, decisionWrites(ledgerTable, decision, at, configuration));
  expect(given.broken()).toContain(name);
});

test("a clock that ran out, and of which nothing came, is seen", async () => {
  const given = await watched();
  const { incident } = await openOne(given);
  await given.world.wake();
  const due = incident?.clock?.acknowledgeAt ?? 0;
  given.world.clock.set(due + 2 * minute);
  expect(given.broken()).toEqual([]);
  given.world.clock.set(due + 2 * minute + 1);
  expect(given.broken()).toEqual(["no clock forgotten"]);
});

test("a first page that is late is seen, and one in a summary counts", async () => {
  const given = await watched();
  const { incident } = await openOne(given);
  const late = { ...{ severity: "P1", teamLevel: 1, audience: "operations-1", channel: "sns" }, ordinal: 1 };
  given.world.clock.set(start + 16 * minute);
  const [incidents, page] = [[incident?.id], "late"];
  given.world.collected.log.info("page sent", {
    ...late,
    page,
    incident: null,
    incidents,
    episode: null,
    reason: "summary",
  });
  expect(given.broken()).toContain("worst P1 page latency");
});

test("a delivery that left no trace is seen", async () => {
  const given = await watched();
  given.transport.send({ source: "nightshift", "detail-type": "Finding", detail: {} });
  expect(given.broken()).toContain("no delivery lost");
});

test("a red time that no incident tells of is seen", async () => {
  const red = [{ arn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:unseen", from: start, until: start + hour }];
  expect((await watched(red)).broken()).toEqual(["no delivery lost"]);
});

test("an alarm that has been blind for hours, and that no finding tells of, is seen", async () => {
  const given = await watched();
  const [alarm] = estate;
  if (alarm === undefined) throw new Error("the estate is empty");
  given.world.cloudwatch.put({ ...recordOf(alarm, start), actionsEnabled: false });
  expect(given.broken()).toEqual(["no delivery lost"]);
});

test("a timeline that does not give its incident is seen", async () => {
  const given = await watched();
  const { incident } = await openOne(given);
  const body = { S: JSON.stringify({ ...incident, severity: "P3" }) };
  const Item = { pk: { S: `incident#${incident?.id}` }, sk: { S: "incident" }, body };
  await given.world.dynamodb.send(new PutItemCommand({ TableName: ledgerTable, Item }));
  expect(given.broken()).toContain("every timeline rebuilds its incident");
});
