import { reasonOf, Unavailable } from "../../shared/failures.ts";
import { isOutbox, outboxQueue, outgoingFrom } from "../../shared/incident/rows.ts";
import { type Instant, iso } from "../../shared/instant.ts";
import type { Row } from "../../shared/ledger/rows.ts";
import { readQueue } from "../../shared/ledger/store.ts";
import { severities } from "../../shared/severity.ts";
import { deliver } from "./deliver.ts";
import { clockSkew, type Dependencies, type Sender } from "./sender.ts";

export type { Dependencies };

/**
 * Sends what is due, worst first. Woken by the ledger's stream it takes the rows that woke it; otherwise it looks
 * through the outbox, and says `sweep complete` at its end. A channel that refuses fails nothing but its own message.
 */
export async function run(event: unknown, dependencies: Dependencies): Promise<void> {
  const { ledger, table, now, deadline, log } = dependencies;
  const sender: Sender = { ...dependencies, ledger: { client: ledger, table } };
  const failures: string[] = [];
  const woken = rowsOf(event);
  if (woken !== null) {
    const due = woken.filter((row) => isDue(row, now())).sort(worstFirst);
    for (const row of due) {
      // What is left out stays in the outbox, where the sweep finds it.
      if (now() < deadline()) await attempt(row);
    }
    conclude();
    return;
  }
  for (const severity of severities) {
    for await (const rows of readQueue(sender.ledger, outboxQueue(severity), now())) {
      for (const row of rows) {
        if (now() >= deadline()) {
          log.warn("no time left for the outbox", { severity });
          conclude();
          return;
        }
        await attempt(row);
      }
    }
  }
  conclude();
  log.info("sweep complete");

  /** One message that cannot be sent holds up no other; the invocation fails all the same, so that somebody hears of it. */
  async function attempt(row: Row): Promise<void> {
    try {
      await deliver(sender, outgoingFrom(row));
    } catch (error) {
      const reason = reasonOf(error);
      failures.push(reason);
      log.error("message failed", { key: row.sk?.S, reason });
    }
  }

  function conclude(): void {
    if (failures.length > 0)
      throw new Unavailable(`${failures.length} messages failed, the first of them: ${failures[0]}`);
  }
}

function isDue(row: Row, now: Instant): boolean {
  return isOutbox(row) && (row.order?.S ?? "") <= iso(now + clockSkew);
}

function worstFirst(left: Row, right: Row): number {
  const [a, b] = [`${left.queue?.S} ${left.order?.S}`, `${right.queue?.S} ${right.order?.S}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rows of a stream's batch as they were written; null for any other event, which is the sweep's. */
function rowsOf(event: unknown): Row[] | null {
  if (typeof event !== "object" || event === null || !("Records" in event) || !Array.isArray(event.Records))
    return null;
  const records: { dynamodb?: { NewImage?: Row } }[] = event.Records;
  return records.flatMap(({ dynamodb }) => (dynamodb?.NewImage === undefined ? [] : [dynamodb.NewImage]));
}
