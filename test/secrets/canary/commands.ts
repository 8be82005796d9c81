import type { KMSClient } from "@aws-sdk/client-kms";
import { parseArguments } from "../../../cli/arguments.ts";
import type { Cloud } from "../../../cli/aws.ts";
import type { Command } from "../../../cli/command.ts";
import { planThrough } from "../../../cli/commands/plan.ts";
import { readersThrough } from "../../../cli/commands/readers.ts";
import { rollbackThrough } from "../../../cli/commands/rollback.ts";
import { rotateThrough } from "../../../cli/commands/rotate.ts";
import { runWith } from "../../../cli/commands/run.ts";
import type { Connected } from "../../../cli/connection.ts";
import { report } from "../../../cli/ending.ts";
import { strategyNamed } from "../../../shared/secrets/strategies.ts";
import { createCloudTrail } from "../../../simulation/aws/cloudtrail.ts";
import { createLambda } from "../../../simulation/aws/lambda.ts";
import { ledgerTable } from "../../../simulation/table.ts";
import { rotateFunction } from "../../cli/cloud.ts";
import { onTerminal } from "../../cli/terminal.ts";
import { account, functionArn, region, type Stage, steps } from "../rotating.ts";
import { type Fault, type Faults, faulty } from "./faults.ts";
import { type Left, leaksIn } from "./leaks.ts";
import { marksOf } from "./marks.ts";
import type { Scene } from "./walk.ts";

interface Commanded {
  calls: Faults["calls"];
  leaks: string[];
  left: Left[];
}

/** Everything that a person may ask of a secret, one after the other; whatever fails, the others go on. */
async function command({ stage, arn }: Scene, fault: Fault | null): Promise<Commanded> {
  // A person is shown what AWS says word for word: it may repeat what it was asked, and that is no value.
  const faults = faulty(stage, { answers: false });
  faults.fault = fault;
  const cloud = cloudOf(stage, arn);
  const connect = async () => cloud;
  const [plan, rotate] = [planThrough(connect), rotateThrough(connect)];
  const [readers, rollback] = [readersThrough(connect), rollbackThrough(connect)];
  const audit = runWith(async () => connectedOf(stage));
  const asked: [Command, ...string[]][] = [
    ...[[], ["--json"]].map((words): [Command, ...string[]] => [plan, "rotation", arn, ...words]),
    [rotate, arn],
    ...[[], ["--json"]].map((words): [Command, ...string[]] => [readers, arn, ...words]),
    [rollback, arn],
    [rotate, arn, "--json"],
    ...[[], ["--json"], ["--csv"]].map((words): [Command, ...string[]] => [
      ...([audit, "audit-secrets", "--dry-run", "--ledger", ledgerTable] as const),
      ...words,
    ]),
  ];
  const left: Left[] = [];
  for (const [each, ...words] of asked) {
    const { output, errors } = await onTerminal(async (terminal) => {
      try {
        return await each.run(parseArguments(each, words), terminal);
      } catch (error) {
        return report(error, terminal);
      }
    });
    left.push({ door: "command line", text: output + errors });
  }
  return { calls: faults.calls, left, leaks: leaksIn(left, marksOf(stage.secrets)) };
}

/** Undisturbed, and then with every fifth call of it failing, each time in another of its ways. Gives what was printed of values. */
export async function everyCommand(setUp: () => Promise<Scene>): Promise<string[]> {
  const { calls, leaks, left } = await command(await setUp(), null);
  if (!left.some(({ text }) => text.includes("is rotated, after"))) leaks.push("no rotation came to its end");
  for (const [call, { name, kinds }] of calls.entries()) {
    if (call % 5 !== 0) continue;
    const kind = (call / 5) % kinds;
    const failed = await command(await setUp(), { call, kind });
    leaks.push(...failed.leaks.map((leak) => `call ${call}, ${name}, failing in its way ${kind}: ${leak}`));
  }
  return leaks;
}

function cloudOf(stage: Stage, arn: string): Cloud {
  const lambda = createLambda();
  lambda.put(rotateFunction({ arn: functionArn, vpcId: "vpc-1" }));
  const kms = { send: (async () => ({ KeyMetadata: { KeyState: "Enabled" } })) as unknown as KMSClient["send"] };
  return {
    ...{ account, region, caller: "arn:aws:sts::111122223333:assumed-role/ops/ada", kms, lambda },
    ...{ environment: "production", configuration: stage.configuration, ledger: stage.ledger, outside: stage.outside },
    cloudtrail: createCloudTrail({ now: () => stage.time.now }),
    strategyNamed: (name) => strategyNamed(name, stage.configuration.secrets),
    addresses: async () => [],
    now: () => stage.time.now,
    // While somebody waits for it, the function is called.
    async pause(ms) {
      stage.time.now += ms;
      const { versions } = stage.secrets.secret(arn);
      const [token] =
        [...versions].find(([, { stages }]) => stages.has("AWSPENDING") && !stages.has("AWSCURRENT")) ?? [];
      if (token === undefined) return;
      for (const step of steps) await stage.step(arn, token, step).catch(() => undefined);
    },
  };
}

function connectedOf({ outside, ledger }: Stage): Connected {
  const empty = { send: async () => ({ CertificateSummaryList: [], ServerCertificateMetadataList: [] }) };
  const sts = { send: async () => ({ Account: account, Arn: "arn:aws:iam::111122223333:user/ada" }) };
  const clients = { acm: empty, iam: empty, kms: empty, sts } as unknown as Pick<
    Connected,
    "acm" | "iam" | "kms" | "sts"
  >;
  return { ...clients, region, secrets: outside.secrets, ledger: ledger.client };
}
