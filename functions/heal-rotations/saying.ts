import { tell } from "../../shared/bus.ts";
import { json, parse, type Row } from "../../shared/ledger/rows.ts";
import { commitAnyway, readQueue, readRow } from "../../shared/ledger/store.ts";
import type { Described } from "../../shared/secrets/described.ts";
import type { Failure } from "../../shared/secrets/failure.ts";
import { findingEvent, type SecretFinding } from "../../shared/secrets/findings.ts";
import type { Verdict } from "./decide.ts";
import type { Sweep } from "./sweep.ts";

/** What is said of a secret whose rotation is stuck. Written before it is said: so that it is taken back for certain. */
interface Said {
  arn: string;
  name: string;
  text: string;
  isTold: boolean;
}

const saidQueue = "stuck-secrets";
const saidKey = (arn: string): Row => ({ pk: { S: `secret#${arn}` }, sk: { S: "stuck" } });

/** Every secret of which something is said. */
export async function* saidSecrets({ ledger }: Sweep): AsyncGenerator<Said[]> {
  for await (const rows of readQueue(ledger, saidQueue, null)) yield rows.map((row) => parse<Said>(row));
}

/** Says what was seen, what was done or would be, and why not. The same thing is not said twice to people. */
export async function say(
  sweep: Sweep,
  { arn, name }: Described,
  verdict: Verdict,
  seen: string,
  failed: Failure | null,
): Promise<void> {
  const { log } = sweep;
  const { type, because } = verdict;
  if (type === "leave") return;
  const acts = "acts" in verdict && verdict.acts;
  if (acts && failed === null) {
    log.info("stuck rotation repaired", { secret: name, verdict: type, because, seen });
    return await settle(sweep, arn, name);
  }
  log.warn("rotation stuck", { secret: name, verdict: type, because, seen, problem: failed?.message ?? null });
  const tried = failed === null ? "" : `; it was tried, and failed (${failed.failed}): ${failed.message}`;
  const message = `the rotation of ${name} is stuck: ${because} (${seen})${tried}`;
  const remedy = failed?.remedy ?? remedies[type];
  await raise(sweep, name, { ...findingOf(arn), severity: type === "lost" ? "P1" : "P2", message, remedy });
}

const remedies: Record<Exclude<Verdict["type"], "leave">, string> = {
  undecided:
    "let the function reach the database and use the key, or repair the secret by hand; it looks again every hour",
  lost: "set the password where it is used to what the secret holds, or store what works there; nightshift rollback where the previous one works",
  promote: "set healRotations.mode to act, and the pending version becomes the current one",
  unlabel: "set healRotations.mode to act, and the label AWSPENDING is removed from the version that was rolled back",
  abandon: "set healRotations.mode to act, and the label AWSPENDING is removed from the pending version",
};

async function raise({ bus, ledger, now }: Sweep, name: string, finding: SecretFinding): Promise<void> {
  const { resource: arn, message: text } = finding;
  const row = await readRow(ledger, saidKey(arn));
  const before = row === null ? null : parse<Said | null>(row);
  if (before?.text === text && before.isTold) return;
  await write(ledger, { arn, name, text, isTold: false });
  await tell(bus, [findingEvent(finding, now())]);
  await write(ledger, { arn, name, text, isTold: true });
}

/** Takes back what was said. */
export async function settle({ bus, ledger, now }: Sweep, arn: string, name: string): Promise<void> {
  const row = await readRow(ledger, saidKey(arn));
  if (row === null || parse<Said | null>(row) === null) return;
  const text = { message: `${name} is not stuck any more`, remedy: "nothing is to be done" };
  await tell(bus, [findingEvent({ ...findingOf(arn), state: "cleared", severity: "P2", ...text }, now())]);
  await commitAnyway(ledger, [{ Put: { TableName: ledger.table, Item: { ...saidKey(arn), body: json(null) } } }]);
}

function findingOf(resource: string) {
  return { operation: "heal-rotations", rule: "rotation-stuck", resource, state: "raised" } as const;
}

async function write(ledger: Sweep["ledger"], said: Said): Promise<void> {
  const item = { ...saidKey(said.arn), queue: { S: saidQueue }, order: { S: said.arn }, body: json(said) };
  await commitAnyway(ledger, [{ Put: { TableName: ledger.table, Item: item } }]);
}
