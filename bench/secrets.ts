import { fileURLToPath } from "node:url";
import type { Leave } from "./benches.ts";
import { type Measure, measure } from "./measure.ts";
import { runNode } from "./processes.ts";
import type { Audits } from "./secrets-audits.ts";
import { measureSecretsOverHttp } from "./secrets-http.ts";

const secrets = 10_000;
const megabyte = 1_048_576;

const script = fileURLToPath(new URL("secrets-process.ts", import.meta.url));

/** Ten thousand secrets through the real audit, and a thousand to compare. */
export async function measureSecretsAudit(tell: (what: string) => void, leave: Leave): Promise<Measure[]> {
  const audits = async (count: number): Promise<Audits> => {
    tell(`audit of ${count} secrets`);
    return JSON.parse(await runNode(["--expose-gc", script, String(count)]));
  };
  const simulated = auditMeasures(await audits(secrets), await audits(secrets / 10));
  tell(`audit of ${secrets} secrets over HTTP`);
  return [...simulated, ...(await measureSecretsOverHttp(secrets, leave))];
}

/** `few` is the same with a tenth of the secrets. */
export function auditMeasures(many: Audits, few: Audits): Measure[] {
  const { secrets: count, findings, astray, firstCalls, calls, valuesRead, cpuMilliseconds, growthBytes } = many;
  const telling = (firstCalls - calls) / findings;
  const growth = growthBytes / megabyte;
  const fewGrowth = (few.growthBytes / megabyte).toFixed(1);
  return [
    measure(
      "secrets-audit.astray",
      astray + few.astray,
      "secrets",
      { atMost: 0 },
      `of ${count + few.secrets}, those of which not exactly what is wrong was told`,
    ),
    measure(
      "secrets-audit.calls",
      calls,
      "calls",
      { atMost: 120 },
      `to AWS, for an audit of ${count} secrets; the list alone takes ${Math.ceil(count / 100)}`,
    ),
    measure(
      "secrets-audit.calls-per-new-finding",
      telling,
      "calls",
      { atMost: 0.2 },
      `more, where all of ${findings} findings are new: ten go with a call`,
    ),
    measure(
      "secrets-audit.values-read",
      valuesRead,
      "calls",
      { atMost: 0 },
      "that read a value, where no secret is a certificate",
    ),
    measure(
      "secrets-audit.cpu",
      cpuMilliseconds / 1_000,
      "s",
      { atMost: 1 },
      "of processor time for an audit, the simulated AWS included",
    ),
    measure(
      "secrets-audit.memory-growth",
      growth,
      "MB",
      { atMost: 16 },
      `in use at the most during an audit; with ${few.secrets} secrets ${fewGrowth} MB. What the ledger records is held, what the list shows is not`,
    ),
  ];
}
