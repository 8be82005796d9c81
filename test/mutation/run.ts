import { existsSync, globSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { MutantResult, PartialStrykerOptions } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { Refused, reasonOf } from "../../shared/failures.ts";
import { compare, nameOf, type Survivor } from "./explained.ts";

// npm run mutation: does a test fail for each small thing that could be wrong in what decides and what parses? Stryker makes
// the mutants, and runner.ts judges them. `npm run mutation -- PLACE…` asks for
// some files or folders only.

/** What decides and what parses, without what talks to the ledger and what only names types. */
const modules = globSync(["shared/incident/*.ts", "shared/delivery/*.ts"])
  .filter((path) => !/\/(store|types)\.ts$/.test(path))
  .toSorted();

const leastScore = 85;
const pagePath = "test/mutation/explained.md";

const options: PartialStrykerOptions = {
  testRunner: "in-process",
  plugins: [fileURLToPath(new URL("runner.ts", import.meta.url))],
  coverageAnalysis: "perTest",
  concurrency: 2,
  // Whatever was loaded anew stays in memory for good: a process that has judged so many makes room for another.
  maxTestRunnerReuse: 400,
  // A mutant that never ends is noticed after its tests' usual time, a quarter of it, and this.
  timeoutFactor: 1.25,
  timeoutMS: 4_000,
  thresholds: { high: 95, low: leastScore, break: leastScore },
  // What is not copied: everything that neither the modules nor their tests read.
  ignorePatterns: ["/*", ...["shared", "functions", "simulation", "configuration", "test"].map((name) => `!/${name}`)],
  tempDirName: ".cache/mutation",
  cleanTempDir: "always",
  warnings: false,
  reporters: ["progress-append-only", "html"],
  htmlReporter: { fileName: ".cache/mutation.html" },
};

const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  print(error instanceof Refused ? error.message : `the mutants were not judged: ${reasonOf(error)}`);
  process.exitCode = error instanceof Refused ? 2 : 3;
}

async function main(wanted: readonly string[]): Promise<number> {
  const within = (each: string) => modules.filter((path) => path === each || path.startsWith(`${each}/`));
  const unknown = wanted.find((each) => within(each).length === 0);
  if (unknown !== undefined) throw new Refused(`${unknown} is not mutated; these are: ${modules.join(" ")}`);
  const mutate = wanted.length === 0 ? modules : wanted.flatMap(within);
  // So many examples for each property: every mutant that their code reaches is asked with all of them.
  process.env.NIGHTSHIFT_RUNS ??= "5";
  const results = await new Stryker({ ...options, mutate }).runMutationTest();
  return report(results, mutate);
}

/**
 * The exit code: 0 if enough mutants were killed. Who survives unexplained is named and does not fail the run: a handful of
 * some thousand is killed in one run and not in another.
 */
function report(results: readonly MutantResult[], mutated: readonly string[]): number {
  const killed = results.filter(({ status }) => status === "Killed").length;
  const stopped = results.filter(({ status }) => status === "Timeout").length;
  const alive = results.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  const score = (100 * (killed + stopped)) / (killed + stopped + alive.length);
  const page = existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "";
  const { unexplained, explained, obsolete } = compare(alive.map(survivorOf), page);
  print(`mutation score ${score.toFixed(1)} %, at least ${leastScore} %`);
  print(`${killed} killed, ${stopped} stopped as endless, ${alive.length} survived: ${explained} explained`);
  for (const { name, line } of unexplained) print(`unexplained, line ${line}: ${name}`);
  const gone = obsolete.filter((name) => mutated.some((path) => name.startsWith(`${path} `)));
  for (const name of gone) print(`${pagePath} explains what does not survive: ${name}`);
  return score >= leastScore ? 0 : 1;
}

function survivorOf({ fileName, mutatorName, location, replacement }: MutantResult): Survivor {
  const path = relative(process.cwd(), fileName);
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(location.start.line - 1, location.end.line);
  const original = lines.join("\n").slice(location.start.column - 1);
  const cut = original.length - ((lines.at(-1)?.length ?? 0) - (location.end.column - 1));
  return { name: nameOf(path, mutatorName, original.slice(0, cut), replacement ?? ""), line: location.start.line };
}
