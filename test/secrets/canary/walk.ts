import { run as audit, type Dependencies } from "../../../functions/audit-secrets/run.ts";
import { day, hour } from "../../../shared/instant.ts";
import type { SimulatedDynamoDB } from "../../../simulation/aws/dynamodb.ts";
import { ledgerTable } from "../../../simulation/table.ts";
import { heal } from "../../databases/load/rotations.ts";
import { functionArn, region, type Stage, steps } from "../rotating.ts";
import { type Fault, type Faults, faulty } from "./faults.ts";
import { type Left, leaksIn, leftOf } from "./leaks.ts";
import { marked, marksOf } from "./marks.ts";

/** A secret that is about to be rotated, every secret value of which is marked. */
export interface Scene {
  stage: Stage;
  arn: string;
}

export interface Walk {
  calls: Faults["calls"];
  leaks: string[];
  /** Why the steps failed, as it is logged. */
  reasons: Set<string>;
  left: Left[];
  values: number;
}

/** The four steps twice, the audit, and the healing after the grace: whatever fails, the others go on. */
export async function walk({ stage, arn }: Scene, fault: Fault | null): Promise<Walk> {
  const rows: string[] = [];
  // Every row as it was written, also where another one has taken its place since.
  (stage.ledger.client as SimulatedDynamoDB).onChange(({ newImage }) => void rows.push(JSON.stringify(newImage ?? {})));
  const errors: unknown[] = [];
  const attempt = (act: () => Promise<unknown>) => act().catch((error: unknown) => void errors.push(error));
  const token = await stage.begin(arn);
  const RotationToken = marked("rotation-token");
  const faults = faulty(stage);
  faults.fault = fault;
  for (const _ of [1, 2]) {
    for (const step of steps) await attempt(() => stage.step(arn, token, step, { RotationToken }));
    await attempt(() => sweep(stage));
  }
  stage.time.now += day + hour;
  await attempt(() => heal(stage));
  await attempt(() => sweep(stage));
  const marks = marksOf(stage.secrets).set(RotationToken, "the RotationToken");
  const left = leftOf(stage, rows, errors);
  const reasons = new Set(stage.lines.flatMap((line) => /"reason":"(\w+)"/.exec(line)?.[1] ?? []));
  return { calls: faults.calls, leaks: leaksIn(left, marks), reasons, left, values: marks.size };
}

/** One audit of everything, whenever the last one was. */
async function sweep(stage: Stage): Promise<void> {
  const { configuration, time, ledger, bus, outside, lines } = stage;
  const log = (message: string, ...fields: object[]) => void lines.push(JSON.stringify([message, ...fields]));
  time.now += 7 * hour;
  const empty = { send: async () => ({ CertificateSummaryList: [], ServerCertificateMetadataList: [] }) };
  const nobody = empty as unknown as Pick<Dependencies, "acm" | "iam" | "kms">;
  await audit(
    {},
    {
      ...{ configuration, region, table: ledgerTable, ledger: ledger.client, secrets: outside.secrets },
      ...({ acm: empty, iam: empty, kms: empty } as unknown as typeof nobody),
      ...{ bus, rotateFunction: functionArn, log: { info: log, warn: log, error: log } },
      ...{ now: () => time.now, deadline: () => time.now + hour, pause: async () => {}, wait: async () => {} },
    },
  );
}

export interface Searched {
  walks: number;
  values: number;
  leaks: string[];
  reasons: Map<string, number>;
}

/** Of each call every way in which it can fail; or one of them, another one for the next call; or that for every fifth call. */
export type Density = "every way" | "one way" | "few";

/** Undisturbed, and then with each call of it failing. */
export async function everyFault(setUp: () => Promise<Scene>, density: Density): Promise<Searched> {
  const searched: Searched = { walks: 0, values: 0, leaks: [], reasons: new Map() };
  const take = async (fault: Fault | null, name: string): Promise<Walk> => {
    const walked = await walk(await setUp(), fault);
    searched.walks += 1;
    searched.values += walked.values;
    searched.leaks.push(...walked.leaks.map((leak) => `${name}: ${leak}`));
    for (const reason of walked.reasons) searched.reasons.set(reason, (searched.reasons.get(reason) ?? 0) + 1);
    return walked;
  };
  const { calls, left } = await take(null, "undisturbed");
  // Else nothing would be searched in what has not happened.
  for (const said of ["credential retired", "audit complete", "SecretRotated"]) {
    if (!left.some(({ text }) => text.includes(said))) searched.leaks.push(`undisturbed: nobody said ${said}`);
  }
  const stride = density === "few" ? 5 : 1;
  for (const [call, { name, kinds }] of calls.entries()) {
    if (call % stride !== 0) continue;
    const all = Array.from({ length: kinds }, (_, kind) => kind);
    const wanted = density === "every way" ? all : [(call / stride) % kinds];
    for (const kind of wanted) await take({ call, kind }, `call ${call}, ${name}, failing in its way ${kind}`);
  }
  return searched;
}

export function tell(what: string, { walks, values, leaks, reasons }: Searched): void {
  const failed = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(", ");
  const found = `${values} values looked for, ${leaks.length} found`;
  process.stdout.write(`${what}: ${walks} rotations, ${found} (${failed})\n`);
}
