import { pathToFileURL } from "node:url";
import { nodeOptions } from "../infra/bundling.ts";
import { type Bundled, bundleFunctions } from "./bundles.ts";
import { type Measure, measure, median } from "./measure.ts";
import { inDirectory, runNode } from "./processes.ts";

/** Each import in a process of its own, so that it is always a first one. */
const rounds = 25;

/** How many milliseconds an import took. */
interface Pair {
  whole: number;
  bare: number;
}

interface Timed {
  bundled: Bundled;
  pairs: Pair[];
}

/** The part of a cold start that is ours: the import of a function, against that of the SDK clients that it makes. */
export function measureImports(tell: (what: string) => void): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const timed = (await bundleFunctions(directory)).map((bundled): Timed => ({ bundled, pairs: [] }));
    for (let round = 1; round <= rounds; round++) {
      tell(`import, round ${round} of ${rounds}`);
      for (const { bundled, pairs } of timed) pairs.push(await pairOf(bundled));
    }
    return timed.map(compared);
  });
}

/** One right after the other: whatever else the machine does meanwhile, it does to both. */
async function pairOf({ whole, bare }: Bundled): Promise<Pair> {
  return { whole: await importTime(whole), bare: await importTime(bare) };
}

function compared({ bundled, pairs }: Timed): Measure {
  const own = median(pairs.map(({ whole }) => whole)).toFixed(1);
  const clients = median(pairs.map(({ bare }) => bare)).toFixed(1);
  const what = `${own} ms against ${clients} ms of the main thread for its bare SDK clients; median of ${pairs.length} pairs`;
  const ratio = median(pairs.map(({ whole, bare }) => whole / bare));
  return measure(`import.${bundled.operation}`, ratio, "ratio", { atMost: 1.25 }, what);
}

// The time that the main thread works: on a machine that does nothing else, that is how long the import takes.
const script = `const from = process.threadCpuUsage();
await import(process.argv[1]);
const { user, system } = process.threadCpuUsage(from);
process.stdout.write(String((user + system) / 1_000));`;

async function importTime(file: string): Promise<number> {
  const printed = await runNode(["--input-type=module", "--eval", script, pathToFileURL(file).href], variables);
  return Number(printed);
}

/** What infra sets for a function; each function takes what is its own. */
export const variables = {
  NODE_OPTIONS: nodeOptions,
  AWS_REGION: "eu-west-1",
  NIGHTSHIFT_ENVIRONMENT: "production",
  NIGHTSHIFT_LEDGER_TABLE: "ledger",
  NIGHTSHIFT_OVERRIDES: "",
  NIGHTSHIFT_FINDINGS_BUS: "findings",
  NIGHTSHIFT_DECISIONS_TABLE: "decisions",
  NIGHTSHIFT_EVIDENCE_BUCKET: "evidence",
  NIGHTSHIFT_SHARDS_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/shards",
  NIGHTSHIFT_ROTATE_FUNCTION_ARN: "arn:aws:lambda:eu-west-1:111122223333:function:rotate-secrets",
  NIGHTSHIFT_TOPIC_P0: "arn:aws:sns:eu-west-1:111122223333:pages-P0",
  NIGHTSHIFT_TOPIC_P1: "arn:aws:sns:eu-west-1:111122223333:pages-P1",
  NIGHTSHIFT_TOPIC_P2: "arn:aws:sns:eu-west-1:111122223333:pages-P2",
  NIGHTSHIFT_TOPIC_P3: "arn:aws:sns:eu-west-1:111122223333:pages-P3",
};
