import type { Configuration } from "../shared/configuration/schema.ts";
import { hour } from "../shared/instant.ts";
import type { AuditedAccount } from "../simulation/audited-account.ts";
import { estateOf, ruleOf, sortOf } from "./secrets-estate.ts";

/** What audits of one account took. */
export interface Audits {
  secrets: number;
  findings: number;
  /** Secrets of which not exactly what is wrong with them was told. */
  astray: number;
  /** Calls of the first audit, which tells everything, and of the next, which has nothing new to tell. */
  firstCalls: number;
  calls: number;
  valuesRead: number;
  cpuMilliseconds: number;
  /** How much more memory was in use at the most than before, what can be collected apart. */
  growthBytes: number;
}

const start = Date.UTC(2027, 2, 15, 12);

export async function auditEstate(configuration: Configuration, secrets: number): Promise<Audits> {
  const account = await estateOf(configuration, secrets, start);
  const firstCalls = await callsOf(account);
  const { findings } = account;
  const told = findings.length;
  const astray = astrayIn(account, secrets);
  const before = process.cpuUsage();
  const calls = await callsOf(account);
  const { user, system } = process.cpuUsage(before);
  const valuesRead = ["GetSecretValueCommand", "BatchGetSecretValueCommand"]
    .map((name) => account.calls.get(name) ?? 0)
    .reduce((sum, count) => sum + count, 0);
  const growthBytes = await growthOf(account);
  const cpuMilliseconds = (user + system) / 1_000;
  return { secrets, findings: told, astray, firstCalls, calls, valuesRead, cpuMilliseconds, growthBytes };
}

/** One audit, an hour after the last. */
async function callsOf(account: AuditedAccount): Promise<number> {
  const sum = () => [...account.calls.values()].reduce((all, count) => all + count, 0);
  const before = sum();
  account.clock.at += hour;
  await account.audit();
  return sum() - before;
}

function astrayIn({ findings }: AuditedAccount, secrets: number): number {
  const told = Map.groupBy(findings, ({ resource }) => Number(/service-(\d+)/.exec(resource)?.[1]));
  return Array.from({ length: secrets }, (_, index) => index).filter((index) => {
    const rules = (told.get(index) ?? []).map(({ rule }) => rule);
    const wanted = ruleOf[sortOf(index)];
    return rules.join() !== (wanted ?? "");
  }).length;
}

/** Looked at with every tenth page. */
async function growthOf(account: AuditedAccount): Promise<number> {
  const collect = globalThis.gc ?? (() => {});
  const inUse = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = inUse();
  let most = before;
  let pages = 0;
  account.fail = (command) => {
    if (command === "ListSecretsCommand" && pages++ % 10 === 9) most = Math.max(most, inUse());
    return null;
  };
  await callsOf(account);
  account.fail = () => null;
  // What was let go meanwhile, code that was not used for a while for example, must not hide what was held.
  return most - Math.min(before, inUse());
}
