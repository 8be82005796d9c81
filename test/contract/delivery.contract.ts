// What the simulation claims of the ways by which deliveries come to a function: the queue, and an invocation that
// nobody waits for.

import { describe, expect } from "vitest";
import { type Instant, second } from "../../shared/instant.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";
import type { Take } from "./witness.ts";

/** A function behind a queue with dead letters, which can also be invoked without waiting for it. */
export interface DeliveryConnection {
  now(): Instant;
  /** For so long a message is hidden once it was handed out. */
  visibility: number;
  maximumReceives: number;
  batchSize: number;
  put(documents: readonly object[]): Promise<void>;
  invoke(document: object): Promise<void>;
  /** How many were given up: by the queue, and by Lambda. */
  deadLetters(): Promise<number>;
  /** Lets time pass until it is so; throws when it never is. */
  until(what: string, isSo: () => Promise<boolean>): Promise<void>;
}

export type ConnectDelivery = (take: Take) => Promise<DeliveryConnection>;

export function deliveryContract(name: string, connect: ConnectDelivery, exceptions: Exceptions = {}): void {
  describe(`${name}: deliveries`, () => {
    const claims = createClaims(name, exceptions);
    queued(claims, connect);
    invoked(claims, connect);
    claims.end();
  });
}

interface Handed {
  at: Instant;
  batch: number;
  messageId: string;
  name: string;
}

/** A function that notes what it is handed, and fails as it is told to. */
async function stand(connect: ConnectDelivery, fails: (name: string, times: number) => "reports" | "throws" | null) {
  const handed: Handed[] = [];
  let batches = 0;
  const clock = { now: (): Instant => 0 };
  const connection = await connect(async (event) => {
    const { Records } = event as { Records: { messageId: string; body: string }[] };
    const batch = batches++;
    const failures = Records.flatMap(({ messageId, body }) => {
      const { name } = JSON.parse(body) as { name: string };
      handed.push({ at: clock.now(), batch, messageId, name });
      const how = fails(name, handed.filter((each) => each.name === name).length);
      return how === null ? [] : [{ how, messageId }];
    });
    if (failures.some(({ how }) => how === "throws")) throw new Error("the function fails");
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  clock.now = connection.now;
  return { connection, handed, of: (name: string) => handed.filter((each) => each.name === name) };
}

/** How much earlier than it says a clock on the other side of HTTP may seem to be. */
const tolerance = second / 4;

function pauses(times: readonly { at: Instant }[]): number[] {
  return times.slice(1).map(({ at }, index) => at - (times[index]?.at ?? at));
}

function queued({ claim }: Claims, connect: ConnectDelivery): void {
  claim("hands out every message, ten at most at once", async () => {
    const { connection, handed } = await stand(connect, () => null);
    const names = Array.from({ length: 25 }, (_, place) => String(place));
    await connection.put(names.map((name) => ({ name })));
    await connection.until("all are handed out", async () => handed.length >= names.length);
    expect(handed.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(new Set(handed.map(({ messageId }) => messageId)).size).toBe(names.length);
    const sizes = [...Map.groupBy(handed, ({ batch }) => batch).values()].map(({ length }) => length);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(connection.batchSize);
  });

  claim("hands out again, alone, what a batch reports as failed, until it is given up", async () => {
    const { connection, of } = await stand(connect, (name) => (name === "bad" ? "reports" : null));
    await connection.put([{ name: "good" }, { name: "bad" }, { name: "too" }]);
    await connection.until("one is given up", async () => (await connection.deadLetters()) > 0);
    const givenUpAt = connection.now();
    expect([of("good").length, of("too").length]).toEqual([1, 1]);
    const bad = of("bad");
    expect(bad).toHaveLength(connection.maximumReceives);
    expect(new Set(bad.map(({ messageId }) => messageId)).size).toBe(1);
    for (const pause of pauses([...bad, { at: givenUpAt }])) {
      expect(pause).toBeGreaterThanOrEqual(connection.visibility - tolerance);
      expect(pause).toBeLessThanOrEqual(connection.visibility + 30 * second);
    }
    expect(await connection.deadLetters()).toBe(1);
  });

  claim("hands out again the whole batch of a function that fails, and not what succeeds then", async () => {
    const { connection, handed, of } = await stand(connect, (_, times) => (times === 1 ? "throws" : null));
    await connection.put([{ name: "one" }, { name: "other" }]);
    await connection.until("each came again", async () => of("one").length >= 2 && of("other").length >= 2);
    for (const name of ["one", "other"]) {
      for (const pause of pauses(of(name))) {
        expect(pause).toBeGreaterThanOrEqual(connection.visibility - tolerance);
      }
    }
    await connection.put([{ name: "later" }]);
    await connection.until("what comes later came again too", async () => of("later").length >= 2);
    expect(handed).toHaveLength(6);
    expect(await connection.deadLetters()).toBe(0);
  });
}

function invoked({ claim }: Claims, connect: ConnectDelivery): void {
  claim("tries an invocation three times in all, after longer and longer pauses, and then gives it up", async () => {
    const times: { at: Instant; name: string }[] = [];
    const of = (name: string) => times.filter((each) => each.name === name);
    const clock = { now: (): Instant => 0 };
    const connection = await connect(async (event) => {
      const { name } = event as { name: string };
      times.push({ at: clock.now(), name });
      if (name === "bad" || of(name).length === 1) throw new Error("the function fails");
      return null;
    });
    clock.now = connection.now;
    await connection.invoke({ name: "late" });
    await connection.invoke({ name: "bad" });
    await connection.until("one is given up", async () => (await connection.deadLetters()) > 0);
    expect([of("bad").length, of("late").length]).toEqual([3, 2]);
    const [pause = 0, longer = 0] = pauses(of("bad"));
    expect(pause).toBeGreaterThan(0);
    expect(longer).toBeGreaterThan(pause);
    expect(await connection.deadLetters()).toBe(1);
  });
}
