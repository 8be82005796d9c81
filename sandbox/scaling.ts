import { fileURLToPath } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { iso, minute } from "../shared/instant.ts";
import { decisionAt } from "../shared/scaling/decisions.ts";
import { replay } from "../shared/scaling/evaluate.ts";
import type { Decision, DecisionRecord } from "../shared/scaling/types.ts";
import { invoke } from "./calls.ts";
import { hear } from "./hear.ts";
import { runCommand, sandboxVariables } from "./process.ts";
import { acting, advised, cluster, desiredCount, putLoad, queued, tasksAtFirst } from "./services.ts";
import { eventually, type Steps } from "./steps.ts";
import type { World } from "./world.ts";

/** Metrics lead to a change where it acts, and to a recommendation where not, over what was deployed. */
export async function proveScaling(steps: Steps, world: World): Promise<void> {
  const { endpoint } = world.settings;
  const heard = await steps.step("a queue hears of scaling decisions, by a rule on the bus", () =>
    hear(world, "sandbox-decisions", "ScalingDecision"),
  );
  await steps.step("an hour of busy minutes of each service is in CloudWatch", async () => {
    for (const service of [acting, advised, queued]) await putLoad(endpoint, service);
  });
  await steps.step("the service that acts is given one more task", () => scaledOut(world));
  await steps.step("the one that only recommends has a decision, and the tasks that it had", () => recommended(world));
  if (heard !== null)
    await steps.step("both decisions are on the bus, each with its mode", () => told(world, heard.value));
  await steps.step("nightshift why says so, from the table of decisions", () => explained(world));
  const frozen = await steps.step("nightshift freeze: what is hot is held, and nothing is changed", () =>
    freezes(world),
  );
  if (frozen !== null) await steps.step("nightshift thaw: it goes on", () => thaws(world, frozen.value));
  await steps.step("a shard that is in the queue is evaluated", () => throughTheQueue(world));
  await steps.step("and it has found nothing that is wrong with them", () => withoutFinding(world));
}

async function scaledOut(world: World): Promise<string> {
  await invoke(world.settings.endpoint, world.deployment.evaluateScalingFunction, "RequestResponse", {});
  const tasks = await tasksOf(world, acting);
  // The minute may have passed meanwhile, and with it a scheduled evaluation.
  expectThat(tasks > tasksAtFirst, `it has ${tasks} tasks`);
  const { decision } = await decided(world, acting, ({ verdict }) => verdict === "out");
  return `${decision.explanation} (${tasks} tasks)`;
}

async function recommended(world: World): Promise<string> {
  const record = await decided(world, advised, ({ verdict }) => verdict === "out");
  const { capacityBefore, capacityAfter, explanation } = record.decision;
  expectThat(capacityBefore === tasksAtFirst && capacityAfter === tasksAtFirst + 1, explanation);
  expectThat(JSON.stringify(replay(record)) === JSON.stringify(record), "evaluated again it is another decision");
  const tasks = await tasksOf(world, advised);
  expectThat(tasks === tasksAtFirst, `it has ${tasks} tasks`);
  return explanation;
}

async function told(world: World, queue: string): Promise<string> {
  const modes = new Map<string, string>();
  await eventually("an event of each service", 30, async () => {
    for (const body of await world.receive(queue)) {
      const { target, verdict, mode } = JSON.parse(body).detail;
      if (verdict === "out") modes.set(target, mode);
    }
    return modes.size === 2 || null;
  });
  const [own, other] = [modes.get(acting), modes.get(advised)];
  expectThat(own === "act" && other === "recommend", `they say ${own} and ${other}`);
  return `${own}, ${other}`;
}

async function explained({ settings, deployment }: World): Promise<string> {
  const at = iso(Date.now());
  const asked = ["why", acting, "--at", at, "--decisions", deployment.decisionsTable];
  const printed = await nightshift(settings.endpoint, asked);
  expectThat(/cpu > 70/.test(printed), `it says ${printed.slice(0, 500)}`);
  return printed.split("\n").find((line) => line.includes("cpu > 70")) ?? "";
}

/** Gives the tasks that the service keeps while it is frozen. */
async function freezes(world: World): Promise<number> {
  const { settings, deployment } = world;
  const how = ["--reason", "to see it", "--ledger", deployment.ledgerTable];
  await nightshift(settings.endpoint, ["freeze", "evaluate-scaling", ...how]);
  const { decision } = await atTheMinute(world, "a decision that is held by the freeze", () =>
    decided(world, acting, ({ reason }) => reason === "freeze", 0),
  );
  const tasks = await tasksOf(world, acting);
  expectThat(tasks === decision.capacityBefore, `it has ${tasks} tasks, and had ${decision.capacityBefore}`);
  return tasks;
}

async function thaws(world: World, frozen: number): Promise<string> {
  const { settings, deployment } = world;
  expectThat((await tasksOf(world, acting)) === frozen, "it was changed while it was frozen");
  await nightshift(settings.endpoint, ["thaw", "evaluate-scaling", "--ledger", deployment.ledgerTable]);
  const tasks = await atTheMinute(world, "another task", async () => {
    const now = await tasksOf(world, acting);
    return now > frozen ? now : null;
  });
  return `from ${frozen} to ${tasks} tasks`;
}

/** By the evaluation of the minute, as on AWS; if the emulator's scheduler does not come, by one that is invoked here. */
async function atTheMinute<Found>(world: World, wanted: string, look: () => Promise<Found | null>): Promise<Found> {
  try {
    return await eventually(wanted, 80, look);
  } catch {
    await invoke(world.settings.endpoint, world.deployment.evaluateScalingFunction, "RequestResponse", {});
    return await eventually(wanted, 10, look);
  }
}

/** Of a service that is found by nobody, because it has no tag; the message says that it had. */
async function throughTheQueue(world: World): Promise<string> {
  const { settings, deployment } = world;
  const resource = { type: "ecs-service", cluster, service: queued };
  const shard = {
    at: Math.floor(Date.now() / minute) * minute,
    named: [],
    tagged: [{ name: queued, key: advised, resource }],
  };
  const sqs = new SQSClient(settings);
  await sqs.send(new SendMessageCommand({ QueueUrl: deployment.shardsQueue, MessageBody: JSON.stringify(shard) }));
  const { decision } = await decided(world, queued, ({ verdict }) => verdict === "out");
  await eventually("an empty queue", 30, async () => (await world.depth(deployment.shardsQueue)) === 0 || null);
  return decision.explanation;
}

/** A change that did not come about would be a finding, and so would another autoscaler, or a service that nobody can look at. */
async function withoutFinding(world: World): Promise<void> {
  const about = (await world.incidents()).flatMap(({ members }) => Object.values(members).map(({ arn }) => arn));
  const [own] = about.filter((arn) => arn.startsWith("evaluate-scaling|"));
  expectThat(own === undefined, `it has found ${own}`);
}

/** The last decision that was written of a target, once it is such a one. */
async function decided(world: World, name: string, is: (decision: Decision) => boolean): Promise<DecisionRecord>;
async function decided(
  world: World,
  name: string,
  is: (decision: Decision) => boolean,
  limitSeconds: 0,
): Promise<DecisionRecord | null>;
async function decided(world: World, name: string, is: (decision: Decision) => boolean, limitSeconds = 30) {
  const table = { client: new DynamoDBClient(world.settings), table: world.deployment.decisionsTable };
  const look = async () => {
    const record = await decisionAt(table, name, Date.now());
    return record !== null && is(record.decision) ? record : null;
  };
  return limitSeconds === 0 ? await look() : await eventually(`such a decision about ${name}`, limitSeconds, look);
}

function tasksOf({ settings }: World, service: string): Promise<number> {
  return desiredCount(settings.endpoint, service);
}

const cli = fileURLToPath(new URL("../cli/nightshift.ts", import.meta.url));

/** A command of ours, as a person types it. */
function nightshift(endpoint: string, words: readonly string[]): Promise<string> {
  const options = { directory: fileURLToPath(new URL("..", import.meta.url)), variables: sandboxVariables(endpoint) };
  return runCommand(process.execPath, [cli, ...words], { ...options, limitSeconds: 60 });
}

function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
