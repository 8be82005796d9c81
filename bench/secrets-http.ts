import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Broken } from "../shared/failures.ts";
import type { Leave } from "./benches.ts";
import { type Measure, measure } from "./measure.ts";
import { isInstalled, startFilled } from "./secrets-server.ts";

/**
 * What Cloud Custodian 0.9.53 took for ten thousand secrets on such a server, recorded on two cores: it describes each of them. The
 * bare list took the server 3 s of that. One run of three policies, each with one question: which have no tag of a kind; of those
 * that have one, which are not rotated, and which nobody has changed for more than ninety days.
 */
const custodian = {
  ...{ calls: 10_101, seconds: 35, serverSeconds: 3, cpuSeconds: 12.3, megabytes: 199 },
  found: "500 without a kind, 500 without rotation, 500 unchanged for over 90 days",
};

/** What the command line took, and what it found. */
interface Spent {
  calls: number;
  seconds: number;
  /** What the bare list takes the server. */
  serverSeconds: number;
  cpuSeconds: number;
  megabytes: number;
  secrets: number;
  rules: string;
}

/** The dry run, as a person starts it, over HTTP; where the server is not installed `leave` is told so. */
export async function measureSecretsOverHttp(
  count: number,
  leave: Leave,
  isThere: boolean = isInstalled,
): Promise<Measure[]> {
  if (!isThere) {
    leave(
      "secrets-audit over HTTP, beside Cloud Custodian: moto is not installed (node test/contract/install-servers.ts)",
    );
    return [];
  }
  const server = await startFilled(count);
  try {
    const spent = await bestOf(server.endpoint);
    if (spent.secrets !== count) throw new Broken(`of ${count} secrets the audit saw ${spent.secrets}`);
    return httpMeasures(spent);
  } finally {
    server.stop();
  }
}

export function httpMeasures(spent: Spent): Measure[] {
  const than = (what: string, value: number, theirs: number, unit: string) =>
    `${value.toFixed(1)} ${unit} of ${what} against ${theirs} of Cloud Custodian's`;
  const { calls, seconds, serverSeconds, cpuSeconds, megabytes, secrets, rules } = spent;
  // A round that the machine disturbed less than the list must not come out as none at all.
  const own = Math.max(seconds - serverSeconds, 0.1);
  const theirs = custodian.seconds - custodian.serverSeconds;
  return [
    measure(
      "secrets-audit.http-calls",
      custodian.calls / calls,
      "times fewer",
      { atLeast: 10 },
      `${calls} calls against ${custodian.calls} of Cloud Custodian's, for ${secrets} secrets on moto; found ${rules}; Cloud Custodian ${custodian.found}`,
    ),
    measure(
      "secrets-audit.http-time",
      theirs / own,
      "times less",
      { atLeast: 10 },
      `net of what the server itself takes for the bare list: ${own.toFixed(1)} s against ${theirs} s of Cloud Custodian's. As a whole ${seconds.toFixed(1)} s (the server ${serverSeconds.toFixed(1)} s) against ${custodian.seconds} s (${custodian.serverSeconds} s), which is ${(custodian.seconds / seconds).toFixed(1)} times less`,
    ),
    measure(
      "secrets-audit.http-cpu",
      custodian.cpuSeconds / cpuSeconds,
      "times less",
      { atLeast: 5 },
      than("processor time", cpuSeconds, custodian.cpuSeconds, "s"),
    ),
    measure(
      "secrets-audit.http-memory",
      megabytes,
      "MB",
      { atMost: 256 },
      than("memory at most", megabytes, custodian.megabytes, "MB"),
    ),
  ];
}

/** The best of some rounds: what the machine does beside it can only make it slower. The first lets the server load what it answers with. */
async function bestOf(endpoint: string): Promise<Spent> {
  let best: Spent = { ...(await dryRun(endpoint)), serverSeconds: await bareList(endpoint) };
  for (let round = 1; round < rounds; round++) {
    const next = await dryRun(endpoint);
    const serverSeconds = Math.min(best.serverSeconds, await bareList(endpoint));
    best = { ...(next.seconds < best.seconds ? next : best), serverSeconds };
  }
  return best;
}

const rounds = 3;

/** Every page, one after the other, by somebody who only counts them. */
async function bareList(endpoint: string): Promise<number> {
  const begun = performance.now();
  let NextToken: string | undefined;
  do {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "secretsmanager.ListSecrets",
      authorization: "AWS4-HMAC-SHA256 Credential=bench/20270101/us-east-1/secretsmanager/aws4_request",
    };
    const body = JSON.stringify({ MaxResults: 100, NextToken });
    const answer = await fetch(endpoint, { method: "POST", headers, body });
    const page: { NextToken?: string | null } = JSON.parse(await answer.text());
    NextToken = page.NextToken ?? undefined;
  } while (NextToken !== undefined);
  return (performance.now() - begun) / 1_000;
}

const door = fileURLToPath(new URL("../cli/nightshift.ts", import.meta.url));

/** The process tells at its end what it took; standard output is the document. */
const told = `import { peakMemory } from ${JSON.stringify(new URL("peak-memory.ts", import.meta.url).href)};
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write("\\ntook " + JSON.stringify({ cpuSeconds: (user + system) / 1e6, bytes: peakMemory() }));
});`;

async function dryRun(endpoint: string): Promise<Omit<Spent, "serverSeconds">> {
  const env = {
    PATH: process.env.PATH ?? "",
    ...{
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
    },
  };
  const words = [
    "--import",
    `data:text/javascript,${encodeURIComponent(told)}`,
    door,
    "run",
    "audit-secrets",
    "--dry-run",
    "--json",
  ];
  const begun = performance.now();
  const { output, errors } = await ended(words, env);
  const seconds = (performance.now() - begun) / 1_000;
  const took = /^took (.*)$/m.exec(errors)?.[1];
  if (took === undefined || output === "") throw new Broken(`the dry run failed: ${errors.split("\n")[0]}`);
  const { cpuSeconds, bytes }: { cpuSeconds: number; bytes: number } = JSON.parse(took);
  const document: { calls: Record<string, number>; secrets: unknown[]; findings: { rule: string }[] } =
    JSON.parse(output);
  const calls = Object.values(document.calls).reduce((sum, count) => sum + count, 0);
  const rules = [...Map.groupBy(document.findings, ({ rule }) => rule)].map(
    ([rule, found]) => `${found.length} ${rule}`,
  );
  const megabytes = bytes / 1_048_576;
  return { calls, seconds, cpuSeconds, megabytes, secrets: document.secrets.length, rules: rules.join(", ") };
}

function ended(words: readonly string[], env: Record<string, string>): Promise<{ output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors += String(chunk);
    });
    child.on("error", reject);
    child.on("close", () => resolve({ output: Buffer.concat(output).toString("utf8"), errors }));
  });
}
