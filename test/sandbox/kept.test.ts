import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readWish } from "../../sandbox/arguments.ts";
import type { Deployment } from "../../sandbox/deployment.ts";
import { guide } from "../../sandbox/guide.ts";
import { findKept, type Kept, leavePlace, recordKept, stopKept, takePlace } from "../../sandbox/kept.ts";
import { setAlarm } from "../../sandbox/set-alarm.ts";
import { fromPs, isRunning, type Started, startedProcess } from "../../sandbox/started.ts";
import { eventually } from "../../sandbox/steps.ts";

// A harmless process stands for the emulator.

let directory = "";
let file = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nightshift-"));
  file = join(directory, "kept.json");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

describe("a process is known again", () => {
  test("by when it was started", async () => {
    const started = await child(idle);
    expect(startedProcess(started.id)).toEqual(started);
    expect(isRunning(started)).toBe(true);
    expect(isRunning({ ...started, at: `${started.at}0` })).toBe(false);
  });

  // A minimal Linux has no ps, and does without.
  test.skipIf(spawnSync("ps", ["-o", "pid="]).error !== undefined)("by that as ps tells it, too", async () => {
    const started = await child(idle);
    expect(fromPs(started.id)).toMatch(/^\w{3} \w{3} +\d+ [\d:]{8} \d{4}$/);
  });

  test("and not once it has ended", async () => {
    const started = await child(idle);
    const [own] = children;
    own?.kill("SIGKILL");
    if (own !== undefined) await once(own, "exit");
    expect(startedProcess(started.id)).toBe(null);
    expect(fromPs(started.id)).toBe(null);
  });

  test.each([0, -1, 2 ** 30])("and there is none with the id %d", (id) => {
    expect(startedProcess(id)).toBe(null);
  });
});

describe("what is kept is stopped", () => {
  test("with all that it started; then nothing is running", async () => {
    const started = await child(
      `const { pid } = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(idle)}]); console.log(pid)`,
    );
    const inner = startedProcess(Number(printed));
    recordKept(directory, keptBy(started));
    expect(await stopKept(directory)).toBe(`the sandbox is stopped (process ${started.id})`);
    expect(isRunning(started)).toBe(false);
    if (inner === null) throw new Error("it had started nothing");
    await eventually("the inner process gone as well", 10, async () => !isRunning(inner) || null);
    expect(existsSync(file)).toBe(false);
    expect(await stopKept(directory)).toBe("nothing is running");
  });

  test("and with it what runs beside it, also where it has ended by itself", async () => {
    const [emulator, other] = [await child(idle), await child(idle)];
    recordKept(directory, keptBy(emulator, other));
    expect(await stopKept(directory)).toBe(`the sandbox is stopped (process ${emulator.id})`);
    expect(isRunning(other)).toBe(false);
    const left = await child(idle);
    recordKept(directory, keptBy(emulator, left));
    expect(await stopKept(directory)).toBe("nothing is running");
    expect(isRunning(left)).toBe(false);
  });

  test("by force where it does not listen", async () => {
    const started = await child(`process.on("SIGTERM", () => {}); ${idle}`);
    recordKept(directory, keptBy(started));
    expect(await stopKept(directory, 0.1)).toBe(`the sandbox is stopped (process ${started.id})`);
    expect(isRunning(started)).toBe(false);
  });

  test("also while it is starting", async () => {
    const started = await child(idle);
    recordKept(directory, { status: "starting", process: started });
    expect(await stopKept(directory)).toBe(`the sandbox is stopped (process ${started.id})`);
    expect(existsSync(file)).toBe(false);
  });
});

describe("nothing is running", () => {
  test.each([
    { what: "no file", text: null },
    { what: "half a file", text: '{ "status": "kept", "proc' },
    { what: "a file of something else", text: "[]" },
    { what: "every process", text: '{ "status": "kept", "process": { "id": -1, "at": "" } }' },
    {
      what: "the first process",
      text: `{ "status": "kept", "process": { "id": 1, "at": "${startedProcess(1)?.at}" } }`,
    },
    {
      what: "one that ended before the machine was started",
      text: '{ "status": "kept", "process": { "id": 4194304, "at": "a 1" } }',
    },
  ])("where there is $what", async ({ text }) => {
    if (text !== null) writeFileSync(file, text);
    expect(findKept(directory)).toBe(null);
    expect(await stopKept(directory)).toBe("nothing is running");
    expect(existsSync(file)).toBe(false);
  });

  test("where the id is another process's by now, which is left alone", async () => {
    const started = await child(idle);
    recordKept(directory, keptBy({ ...started, at: "another boot 1" }));
    expect(await stopKept(directory)).toBe("nothing is running");
    expect(existsSync(file)).toBe(false);
    expect(isRunning(started)).toBe(true);
  });
});

describe("the one place", () => {
  test("is taken by who starts one, and left", () => {
    takePlace(directory);
    expect(findKept(directory)).toEqual({ status: "starting", process: startedProcess(process.pid) });
    expect(() => takePlace(directory)).toThrow(
      /^a sandbox is being started already \(process \d+\); to end it: .* --stop$/,
    );
    leavePlace(directory);
    expect(findKept(directory)).toBe(null);
  });

  test("is refused while one is kept, in a line that says where it is and how to end it", async () => {
    const started = await child(idle);
    recordKept(directory, keptBy(started));
    const line = `a sandbox is kept at http://127.0.0.1:9 already (process ${started.id}); to end it: npm run sandbox -- --stop`;
    expect(() => takePlace(directory)).toThrow(line);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(keptBy(started));
  });

  test("is free again after the machine went down", () => {
    recordKept(directory, keptBy({ id: 4_194_304, at: "another boot 1" }));
    takePlace(directory);
    expect(findKept(directory)?.process.id).toBe(process.pid);
  });
});

test("an alarm is set only where a sandbox is kept", async () => {
  const set = () => setAlarm(directory, "load", "ALARM");
  await expect(set).rejects.toThrow("no sandbox is kept; to keep one: npm run sandbox -- --keep");
  takePlace(directory);
  await expect(set).rejects.toThrow("the sandbox is still being started; wait for its last line");
});

test("what is printed of a kept sandbox names all that is deployed, and commands that there are", () => {
  const endpoint = "http://127.0.0.1:9";
  const lines = guide({
    ...{ endpoint, logFile: "emulator.log", deployment, overrides: { incidents: {} } },
    elsewhere: { AWS_ENDPOINT_URL_SERVICE_QUOTAS: "http://127.0.0.1:8" },
  });
  for (const output of Object.entries(deployment.outputs).flat()) expect(lines.join("\n")).toContain(output);
  expect(lines).toContain(`  export AWS_ENDPOINT_URL=${endpoint}`);
  expect(lines).toContain("  export AWS_ENDPOINT_URL_SERVICE_QUOTAS=http://127.0.0.1:8");
  expect(lines.join("\n")).toContain(`${endpoint}/000000000000/sandbox-pages`);
  const words = lines.flatMap((line) => {
    const [, given] = /npm run sandbox -- (.+)$/.exec(line) ?? [];
    return given === undefined ? [] : [given.split(" ")];
  });
  expect(words.map(readWish).map(({ type }) => type)).toEqual(["stop", "set", "set"]);
});

const idle = 'setInterval(() => {}, 1000); console.log("ready")';
let printed = "";

/** A process of its own that leads a group, once it has said something. */
async function child(script: string): Promise<Started> {
  const started = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  children.push(started);
  printed = String(await once(started.stdout, "data"));
  const found = startedProcess(started.pid ?? 0);
  if (found === null) throw new Error("it has ended");
  return found;
}

const deployment: Deployment = {
  alarmTopic: "topic",
  alarmFunction: "alarm",
  escalateFunction: "escalate",
  deliveryQueue: "http://127.0.0.1:9/000000000000/deliveries",
  deliveryDeadLetters: "letters",
  findingsBus: "bus",
  rotateFunction: "rotate",
  auditSecretsFunction: "audit",
  healRotationsFunction: "heal",
  evaluateScalingFunction: "evaluate",
  decisionsTable: "decisions",
  shardsQueue: "shards",
  ledgerTable: "ledger",
  pagesP0: "pages",
  outputs: { LedgerTable: "ledger", AlarmTopic: "arn:aws:sns:us-east-1:000000000000:alarms" },
};

function keptBy(process: Started, ...beside: Started[]): Kept {
  return { status: "kept", process, beside, endpoint: "http://127.0.0.1:9", logFile: "emulator.log", deployment };
}
