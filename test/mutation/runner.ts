import { INSTRUMENTER_CONSTANTS, type MutantCoverage, type StrykerOptions } from "@stryker-mutator/api/core";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from "@stryker-mutator/api/test-runner";
import fc from "fast-check";
import type { Remembered } from "./collect.ts";
import { loadTests } from "./generation.ts";

// Judges mutants with the project's own tests, in a process that has loaded them once: a mutant is a branch that a variable
// switches on. Only what is computed while a module loads makes it load everything anew.

/** What Stryker wrote into the mutated files reads and writes this. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number;
  hitLimit?: number;
}

const board: Switchboard = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: board });

// The same examples for every mutant, and in every run.
fc.configureGlobal({ seed: 20261125 });

/** How long each test took when it last ran, in milliseconds: the quick ones are asked first. */
const took = new Map<string, number>();

/** These look at large numbers of alarms for seconds, and at nothing that others do not look at in smaller ones. */
const tooSlow = /\/(limits|purity)\.test\.ts$/;

function createRunner({ mutate }: StrykerOptions): TestRunner {
  const folders = [...new Set(mutate.map(folderOf))];
  let loaded: Remembered[] = [];

  async function load(): Promise<Remembered[]> {
    const patterns = folders.map((folder) => `test/${folder}/*.test.ts`);
    return loadTests(process.cwd(), patterns, tooSlow);
  }

  return {
    capabilities: () => ({ reloadEnvironment: true }),
    init: async () => {
      loaded = await load();
    },
    dryRun: () => watch(loaded),
    mutantRun: async ({ activeMutant, mutantActivation, testFilter, hitLimit, sandboxFileName }) => {
      board.activeMutant = activeMutant.id;
      try {
        const tests = mutantActivation === "static" ? await load() : loaded;
        // A module is judged by the tests of its own folder.
        const own = tests.filter(({ id }) => id.startsWith(`test/${folderOf(sandboxFileName)}/`));
        const asked = testFilter === undefined ? own : own.filter(({ id }) => testFilter.includes(id));
        return await judge(asked.sort(quickestFirst), hitLimit);
      } catch (error) {
        // Only a module that cannot be loaded gets here, and with it no test could run.
        return { status: MutantRunStatus.Killed, killedBy: [], failureMessage: messageOf(error), nrOfTests: 0 };
      } finally {
        board.activeMutant = undefined;
      }
    },
  };
}

/** Runs all tests, and notes which of them reach which mutant. */
async function watch(tests: readonly Remembered[]): Promise<DryRunResult> {
  const results: TestResult[] = [];
  for (const test of tests) {
    board.currentTestId = test.id;
    const failure = await failureOf(test);
    const result = { id: test.id, name: test.id, timeSpentMs: took.get(test.id) ?? 0 };
    results.push(
      failure === null
        ? { ...result, status: TestStatus.Success }
        : { ...result, status: TestStatus.Failed, failureMessage: failure },
    );
  }
  board.currentTestId = undefined;
  const mutantCoverage = board.mutantCoverage ?? { static: {}, perTest: {} };
  return { status: DryRunStatus.Complete, tests: results, mutantCoverage };
}

/** Runs the tests until one of them fails. */
async function judge(
  tests: readonly Remembered[],
  hitLimit: MutantRunOptions["hitLimit"] = Number.POSITIVE_INFINITY,
): Promise<MutantRunResult> {
  for (const [index, test] of tests.entries()) {
    board.hitCount = 0;
    board.hitLimit = hitLimit;
    const failure = await failureOf(test);
    if (board.hitCount > hitLimit) return { status: MutantRunStatus.Timeout };
    if (failure !== null) {
      return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage: failure, nrOfTests: index + 1 };
    }
  }
  return { status: MutantRunStatus.Survived, nrOfTests: tests.length };
}

async function failureOf({ id, body }: Remembered): Promise<string | null> {
  const begun = performance.now();
  try {
    await body();
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    took.set(id, performance.now() - begun);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function quickestFirst(left: Remembered, right: Remembered): number {
  return (took.get(left.id) ?? 0) - (took.get(right.id) ?? 0);
}

/** `incident` of `…/shared/incident/late.ts`. */
function folderOf(path: string): string {
  return /shared\/(\w+)\/[^/]+$/.exec(path)?.[1] ?? "";
}

createRunner.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "in-process", createRunner)];
