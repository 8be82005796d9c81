import { CloudWatchServiceException, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSServiceException } from "@aws-sdk/client-sns";
import { beforeEach, describe, expect, test } from "vitest";
import { createCloudWatch } from "../../simulation/aws/cloudwatch.ts";
import { createDynamoDb } from "../../simulation/aws/dynamodb.ts";
import { createSns } from "../../simulation/aws/sns.ts";
import { type Chance, createChance } from "../../simulation/chance.ts";
import type { FaultKind } from "../../simulation/fault-rates.ts";
import { Crash, createFaults, type Faults, type Invocation } from "../../simulation/faults.ts";
import { createLedger, key } from "../contract/connection.ts";

/** Lets happen exactly what is listed for a kind, in its order, and nothing after it. */
function scripted(script: Partial<Record<FaultKind | "details", boolean[]>>): Chance {
  const following = (list: boolean[]): Chance => ({
    ...createChance("unused"),
    happens: () => list.shift() ?? false,
    pick: (choices) => createChance("first").pick(choices.slice(0, 1)),
    fork: (name) => following([...(Object.entries(script).find(([kind]) => kind === name)?.[1] ?? [])]),
  });
  return following([]);
}

const faultsOf = (script: Parameters<typeof scripted>[0]): Faults => createFaults("harsh", scripted(script));

let send: DynamoDBClient["send"];
let table: string;
let writes: number;

beforeEach(async () => {
  const database = createDynamoDb({ now: () => 0 });
  send = database.send;
  table = await createLedger({ send, changes: async () => [] });
  writes = 0;
  database.onChange(() => {
    writes++;
  });
});

const put = (n: number): PutItemCommand =>
  new PutItemCommand({ TableName: table, Item: { ...key("a", "1"), n: { N: String(n) } } });
const create = (): PutItemCommand =>
  new PutItemCommand({ TableName: table, Item: key("a", "1"), ConditionExpression: "attribute_not_exists(pk)" });

test("nothing happens while faults are not enabled, and the story goes on where it stopped", () => {
  const faults = faultsOf({ lostEvent: [true, true] });
  faults.enabled = false;
  expect(faults.happens("lostEvent")).toBe(false);
  faults.enabled = true;
  expect([faults.happens("lostEvent"), faults.happens("lostEvent")]).toEqual([true, true]);
  expect(faults.counts.lostEvent).toBe(2);
});

describe("a send without faults", () => {
  test("is as it was: results, refusals, and written before it returns", async () => {
    const around = createFaults("none", createChance("x")).around("dynamodb", send);
    const answer = around(create());
    expect(writes).toBe(1);
    await answer;
    await expect(around(create())).rejects.toThrow("The conditional request failed");
    const { Item } = await around(new GetItemCommand({ TableName: table, Key: key("a", "1") }));
    expect(Item).toEqual(key("a", "1"));
  });
});

describe("a throttle", () => {
  test("comes before the command is executed, and is tried again without the caller's knowledge", async () => {
    const faults = faultsOf({ throttle: [true, true] });
    await faults.around("dynamodb", send)(put(1));
    expect(writes).toBe(1);
    expect(faults.counts.throttle).toBe(2);
  });

  test("reaches the caller after three attempts, and nothing was executed", async () => {
    const faults = faultsOf({ throttle: [true, true, true] });
    await expect(faults.around("dynamodb", send)(put(1))).rejects.toMatchObject({
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400, attempts: 3 },
    });
    expect(writes).toBe(0);
  });

  test("of DynamoDB is now of the account and now of the table", async () => {
    const chance = createChance("both");
    const throttling: Chance = { ...chance, happens: () => true };
    const fork = (name: string): Chance =>
      name === "throttle" ? throttling : name === "details" ? chance : scripted({});
    const faults = createFaults("harsh", { ...chance, fork });
    const names = new Set<string>();
    for (let i = 0; i < 20; i++)
      await faults
        .around(
          "dynamodb",
          send,
        )(put(i))
        .catch(({ name }) => names.add(name));
    expect(names).toEqual(new Set(["ThrottlingException", "ProvisionedThroughputExceededException"]));
  });

  test("has a base class and a name where a service has no class for it", async () => {
    const faults = faultsOf({ throttle: [true, true, true, true, true, true] });
    const cloudwatch = createCloudWatch({ account: "111122223333", region: "eu-west-1" });
    const sns = createSns({ now: () => 0, topics: [] });
    const described = faults.around("cloudwatch", cloudwatch.send)(new DescribeAlarmsCommand({}));
    const throttled = await described.catch((error: unknown) => error);
    expect(throttled).toBeInstanceOf(CloudWatchServiceException);
    expect(throttled).toMatchObject({ name: "ThrottlingException" });
    const published = faults.around("sns", sns.send)(new PublishCommand({ Message: "x" }));
    const refused = await published.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SNSServiceException);
    expect(refused).toMatchObject({ name: "ThrottlingException" });
  });
});

describe("a lost reply", () => {
  test("means that the command is executed again", async () => {
    const faults = faultsOf({ lostReply: [true] });
    const add = new UpdateItemCommand({
      TableName: table,
      Key: key("a", "1"),
      UpdateExpression: "ADD n :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "UPDATED_NEW",
    });
    expect((await faults.around("dynamodb", send)(add)).Attributes).toEqual({ n: { N: "2" } });
    expect(faults.counts.lostReply).toBe(1);
  });

  test("lets a conditional write see what it wrote itself", async () => {
    const faults = faultsOf({ lostReply: [true] });
    await expect(faults.around("dynamodb", send)(create())).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    expect(writes).toBe(1);
  });

  test("reaches the caller as a timeout after three attempts, though the command was executed", async () => {
    const faults = faultsOf({ lostReply: [true, true, true] });
    await expect(faults.around("dynamodb", send)(create())).rejects.toMatchObject({
      name: "TimeoutError",
      $metadata: { attempts: 3 },
    });
    expect(writes).toBe(1);
  });

  test("does not hide what the simulation itself cannot do", async () => {
    const faults = faultsOf({ lostReply: [true, true, true] });
    const unknown = new GetItemCommand({ TableName: table, Key: key("a", "1"), AttributesToGet: ["pk"] });
    await expect(faults.around("dynamodb", send)(unknown)).rejects.toThrow("does not implement");
  });
});

describe("a crash", () => {
  test.each([
    ["before", false, 0],
    ["after", true, 1],
  ])("comes %s the command is executed, and is not tried again", async (when, executed, written) => {
    const faults = faultsOf({ crash: [true], details: [executed] });
    const crash = await faults
      .around(
        "dynamodb",
        send,
      )(put(1))
      .catch((error: unknown) => error);
    expect(crash).toBeInstanceOf(Crash);
    expect(crash).toMatchObject({ executed, message: `the invocation ended ${when} PutItemCommand was executed` });
    expect(writes).toBe(written);
    expect(faults.counts.crash).toBe(1);
  });

  test("hides what the service answered", async () => {
    await send(create());
    const faults = faultsOf({ crash: [true], details: [true] });
    await expect(faults.around("dynamodb", send)(create())).rejects.toBeInstanceOf(Crash);
  });

  test("is final for all clients of the invocation, and for no other invocation", async () => {
    const faults = faultsOf({ crash: [true] });
    const invocation: Invocation = { operation: "open-incidents" as const, crash: null };
    const sns = createSns({ now: () => 0, topics: [] });
    const database = faults.around("dynamodb", send, invocation);
    const topics = faults.around("sns", sns.send, invocation);
    const crash = await database(put(1)).catch((error: unknown) => error);
    expect(invocation.crash).toBe(crash);
    await expect(database(put(2))).rejects.toBe(crash);
    await expect(topics(new PublishCommand({ Message: "x" }))).rejects.toBe(crash);
    expect(writes).toBe(0);
    await faults.around("dynamodb", send, { operation: "open-incidents" as const, crash: null })(put(3));
    expect(writes).toBe(1);
  });
});

test("no fault is put around a send while faults are not enabled", async () => {
  const faults = faultsOf({ crash: [true], throttle: [true], lostReply: [true] });
  faults.enabled = false;
  await faults.around("dynamodb", send)(put(1));
  expect(writes).toBe(1);
  expect(Object.values(faults.counts).every((count) => count === 0)).toBe(true);
});

test("two runs of a seed inject the same", async () => {
  const run = async (): Promise<string[]> => {
    const faults = createFaults("harsh", createChance("replay"));
    const around = faults.around("dynamodb", send);
    const outcomes: string[] = [];
    for (let i = 0; i < 300; i++) {
      outcomes.push(
        await around(put(i)).then(
          () => "done",
          ({ message }) => message,
        ),
      );
    }
    return [...outcomes, JSON.stringify(faults.counts)];
  };
  expect(await run()).toEqual(await run());
});
