import { describe, expect, test } from "vitest";
import { decide, type Heard } from "../../shared/incident/decide.ts";
import { pageIdentity } from "../../shared/incident/pages.ts";
import { blankRecord } from "../../shared/incident/record.ts";
import {
  alarmRow,
  decisionWrites,
  entryRow,
  incidentRow,
  isOutbox,
  type Outgoing,
  outgoingFrom,
  outgoingRow,
  sentRow,
} from "../../shared/incident/rows.ts";
import type { Incident, Member } from "../../shared/incident/types.ts";
import { day, second } from "../../shared/instant.ts";
import { expiry, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { policyWith } from "./stage.ts";
import { at } from "./stories.ts";

// How the ledger's rows look, and what a page says.

const policy = policyWith({
  incidents: { retentionDays: 10 },
  services: { checkout: { runbook: "https://wiki.example.com/checkout" }, silent: { tier: "high" } },
  teams: {
    payments: {
      levels: [{ channels: [{ type: "log" }] }, { channels: [{ type: "sns" }, { type: "log" }, { type: "sns" }] }],
    },
  },
});
const tenDays = 10 * day;
const until = (row: Row) => Number(row.expiresAt?.N) * second;

const member = (name: string, how: Partial<Member> = {}): Member => ({
  ...{ arn: `arn:${name}`, name, kind: "alarm", severity: "P1", state: "ALARM", red: true, since: at(0) },
  ...{ changedAt: at(0), deleted: false, mute: null, flapping: false, insufficientSince: null, untagged: false },
  spans: [{ from: at(0), until: null }],
  ...how,
});

function fires(own: Partial<Heard> = {}): Heard {
  return {
    ...{ type: "heard", member: member("cpu"), service: null, team: "operations", at: at(0), outcome: "applied" },
    ...{ rose: true, reason: "Threshold Crossed", placed: "" },
    ...own,
  } as Heard;
}

/** What is written when it fires first, and the rows of that by the beginning of their sort key. */
function written(own: Partial<Heard> = {}) {
  const decision = decide(null, "key", fires(own), at(0), policy);
  const rows = decisionWrites("ledger", decision, at(0), policy).map(({ Put }) => Put?.Item ?? {});
  return { decision, rows, of: (kind: string) => rows.filter(({ sk }) => sk?.S?.startsWith(kind)) };
}

function opened(own: Partial<Heard> = {}): Incident {
  const { incident } = written(own).decision.thread;
  if (incident === null) throw new Error("nothing was opened");
  return incident;
}

const page = (own: Partial<Heard> = {}): Outgoing => outgoingFrom(written(own).of("page#")[0] ?? {});

describe("a row is kept", () => {
  test("for as long as the configuration says, in whole seconds, rounded up", () => {
    expect(expiry(1_000)).toEqual({ expiresAt: { N: "1" } });
    expect(expiry(1_001)).toEqual({ expiresAt: { N: "2" } });
  });

  test("of an alarm from its last change, of an entry and a page from when they were written", () => {
    expect(until(alarmRow(blankRecord("arn", "cpu", "alarm"), at(0), policy))).toBe(at(0) + tenDays);
    const { of } = written();
    expect(of("entry#").map(until)).toEqual([at(0) + tenDays]);
    expect(of("page#").map(until)).toEqual([at(0) + tenDays]);
    const line = { at: at(1), type: "paged", text: "sent" } as const;
    expect(until(sentRow("id", "x", line, policy))).toBe(at(1) + tenDays);
  });

  test("of an incident from its resolution on, and for good while it is open", () => {
    expect(incidentRow(opened(), policy).expiresAt).toBeUndefined();
    expect(until(incidentRow({ ...opened(), resolvedAt: at(5) }, policy))).toBe(at(5) + tenDays);
  });

  test("of a thread for good while its incident is open, and for a while when nothing is due any more", () => {
    const [open = {}] = written().of("thread");
    expect(open).toMatchObject({ queue: { S: "open" }, version: { N: "1" } });
    expect(open.expiresAt).toBeUndefined();
    const silent = decide(null, "key", fires({ member: member("cpu", { red: false, state: "OK" }) }), at(0), policy);
    const [remembered = {}] = decisionWrites("ledger", silent, at(0), policy).map(({ Put }) => Put?.Item ?? {});
    expect(remembered.queue).toBeUndefined();
    expect(until(remembered)).toBe(at(0) + tenDays);
  });
});

describe("a row", () => {
  test("is put for the first time where there is none, and after that over the version that was read", () => {
    expect(putVersioned("ledger", { pk: { S: "a" } }, 0).Put).toEqual({
      ...{ TableName: "ledger", Item: { pk: { S: "a" }, version: { N: "1" } } },
      ConditionExpression: "attribute_not_exists(pk)",
    });
    expect(putVersioned("ledger", { pk: { S: "a" } }, 4).Put).toMatchObject({
      Item: { version: { N: "5" } },
      ConditionExpression: "version = :version",
      ExpressionAttributeValues: { ":version": { N: "4" } },
    });
    expect([versionOf({ version: { N: "7" } }), versionOf({})]).toEqual([7, 0]);
  });

  test("without a body holds nothing", () => {
    expect(parse({})).toBeNull();
  });

  test("of an entry sorts by its number, and of the sender's own line has none and changes nothing", () => {
    const entry = { n: 7, at: at(0), type: "noted", text: "a\nb", change: {} } as const;
    expect(entryRow("id", entry, policy).sk).toEqual({ S: "entry#000007" });
    const sent = sentRow("id", "x", { at: at(1), type: "paged", text: "sent\u0007" }, policy);
    expect(sent).toMatchObject({ pk: { S: "incident#id" }, sk: { S: "sent#x" } });
    expect(parse(sent)).toEqual({ at: at(1), type: "paged", text: "sent\\u0007", n: 0, change: {} });
  });

  test("is in the outbox when its queue is one of a severity, and nowhere else", () => {
    const queues = ["outbox#P0", "gather#batch", "open"].map((S) => isOutbox({ queue: { S } }));
    expect([...queues, isOutbox({}), isOutbox({ queue: { N: "1" } }), isOutbox(undefined)]).toEqual([
      ...[true, false, false],
      ...[false, false, false],
    ]);
  });
});

describe("a message of the outbox", () => {
  test("is read as it was written, with what its row has learnt since", () => {
    const message = page();
    const row = outgoingRow(message, policy);
    expect(outgoingFrom(row)).toEqual(message);
    const later = { attempts: { N: "3" }, order: { S: "2026-06-01T11:00:00.000Z" } };
    const folded = { incidents: { SS: ["b", "a"] }, severities: { SS: ["P2", "P0"] } };
    expect(outgoingFrom({ ...row, ...later, ...folded })).toMatchObject({
      ...{ attempts: 3, dueAt: Date.parse(later.order.S), incidents: ["a", "b"], severity: "P0" },
    });
    const { order: _order, attempts: _attempts, ...bare } = row;
    expect(outgoingFrom(bare)).toMatchObject({ dueAt: message.dueAt, attempts: 0, severity: "P1" });
  });

  test("goes out on each channel of its level once", () => {
    expect(
      written({ team: "payments" })
        .of("page#")
        .map((row) => outgoingFrom(row).channel),
    ).toEqual(["log"]);
    const { decision } = written({ team: "payments" });
    const [first] = decision.pages;
    if (first === undefined) throw new Error("nobody was paged");
    const channels = (level: number, team = "payments", audience = "payments-1") => {
      const incident = decision.thread.incident && { ...decision.thread.incident, team };
      const changed = { ...decision, pages: [{ ...first, level, audience }], thread: { ...decision.thread, incident } };
      const rows = decisionWrites("ledger", changed, at(0), policy).map(({ Put }) => Put?.Item ?? {});
      return rows.filter(({ sk }) => sk?.S?.startsWith("page#")).map((row) => outgoingFrom(row).channel);
    };
    expect(channels(2)).toEqual(["sns", "log"]);
    // A level that the configuration has lost: the first one's channels are left; a lost team is the default one.
    expect(channels(9)).toEqual(["log"]);
    expect(channels(1, "lost")).toEqual(["sns"]);
    expect(channels(1, "payments", "")).toEqual([]);
  });
});

test("two pages of one incident have one identity only if they are the same page", () => {
  const [first] = written().decision.pages;
  if (first === undefined) throw new Error("nobody was paged");
  const identities = [
    ...[first, { ...first, level: 11, audience: "x" }, { ...first, level: 1, audience: "1x" }],
    ...[
      { ...first, ordinal: 11 },
      { ...first, episode: 11 },
      { ...first, severity: "P0" as const },
    ],
  ].map(pageIdentity);
  expect(new Set(identities).size).toBe(6);
});

test("a thread of which nothing is open has its place while a silence runs", () => {
  const { decision } = written();
  const incident = decision.thread.incident && { ...decision.thread.incident, status: "resolved" as const };
  const silence = { by: "Ada", reason: "work", until: at(60) };
  const thread = { ...decision.thread, incident, silence };
  const [row] = decisionWrites("ledger", { ...decision, thread }, at(0), policy);
  expect(row?.Put?.Item).toMatchObject({ queue: { S: "open" }, order: { S: "2026-06-01T11:00:00.000Z" } });
});

describe("a page says", () => {
  const of = (members: Member[], service: string | null = null, key = "key") => {
    const thread = written({ service }).decision.thread;
    const known = Object.fromEntries(members.map((each) => [each.arn, each]));
    const incident = thread.incident && { ...thread.incident, members: known, key };
    const due = decide({ ...thread, incident }, "key", { type: "tick" }, at(15), policy).pages[0];
    return { title: due?.title, text: due?.text.split("\n") };
  };

  test("what is red, what else is known, in the order of the ARNs, and how bad each is", () => {
    const { title, text } = of([member("b"), member("a", { red: false, state: "OK", severity: "P3" })]);
    expect(title).toBe("b");
    expect(text).toEqual(["a: OK (P3)", "b: ALARM (P1)"]);
  });

  test("how many others are red, unless it is about a service", () => {
    const three = [member("a"), member("b"), member("c"), member("d", { red: false })];
    expect(of(three).title).toBe("a and 2 more");
    expect(of(three, "search").title).toBe("search");
    expect(of([member("a")]).title).toBe("a");
  });

  test("twenty alarms by name, and how many there are besides", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => member(`m${String(index).padStart(2, "0")}`));
    expect(of(many(20)).text).toHaveLength(20);
    expect(of(many(23)).text?.slice(19)).toEqual(["m19: ALARM (P1)", "and 3 more"]);
  });

  test("where the runbook of its service is, where it has one", () => {
    expect(of([member("a")], "checkout").text?.at(-1)).toBe("runbook: https://wiki.example.com/checkout");
    for (const service of ["silent", "unknown", "toString", null]) {
      expect(of([member("a")], service).text).toEqual(["a: ALARM (P1)"]);
    }
  });
});
