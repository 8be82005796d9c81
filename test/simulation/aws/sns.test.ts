import {
  InternalErrorException,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
} from "@aws-sdk/client-sns";
import { beforeEach, describe, expect, test } from "vitest";
import { Broken } from "../../../shared/failures.ts";
import { createSns, type SimulatedSns } from "../../../simulation/aws/sns.ts";

// What it refuses, and how, is claimed in test/contract/sns.contract.ts.

const TopicArn = "arn:aws:sns:eu-west-1:111122223333:pages";
const other = "arn:aws:sns:eu-west-1:111122223333:other";

let now: number;
let sns: SimulatedSns;

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  sns = createSns({ now: () => now, topics: [TopicArn, other] });
});

const publish = (input: Partial<PublishCommandInput> = {}) =>
  sns.send(new PublishCommand({ TopicArn, Message: "wake up", ...input }));

describe("what is published", () => {
  test("is kept in order, with its time and attributes", async () => {
    const severity = { DataType: "String", StringValue: "critical" };
    await publish({ Subject: "cpu", MessageAttributes: { severity } });
    now += 5;
    await publish({ TopicArn: other });
    expect(sns.published).toEqual([
      { at: now - 5, topicArn: TopicArn, subject: "cpu", message: "wake up", attributes: { severity: "critical" } },
      { at: now, topicArn: other, subject: null, message: "wake up", attributes: {} },
    ]);
  });

  test("is told to whoever listens, before the answer", () => {
    const heard: string[] = [];
    sns.onPublish(({ message }) => heard.push(message));
    void publish();
    expect(heard).toEqual(["wake up"]);
  });

  test("gets an id of its own, the same in every run", async () => {
    const first = await publish();
    expect(first.MessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await publish()).MessageId).not.toBe(first.MessageId);
    sns = createSns({ now: () => now, topics: [TopicArn] });
    expect((await publish()).MessageId).toBe(first.MessageId);
  });
});

test("a subject may be of any script", async () => {
  await publish({ Subject: "ü".repeat(100) });
  expect(sns.published).toHaveLength(1);
});

test("a topic that refuses fails on the service's side, alone and until it is told otherwise", async () => {
  sns.refuse(TopicArn, true);
  await expect(publish()).rejects.toBeInstanceOf(InternalErrorException);
  await publish({ TopicArn: other });
  sns.refuse(TopicArn, false);
  await publish();
  expect(sns.published.map(({ topicArn }) => topicArn)).toEqual([other, TopicArn]);
  expect(() => sns.refuse(`${TopicArn}-gone`, true)).toThrow(Broken);
});

test("what is not simulated is refused by name", async () => {
  await expect(sns.send(new ListTopicsCommand({}))).rejects.toThrow("ListTopicsCommand");
  await expect(publish({ MessageStructure: "json" })).rejects.toThrow("MessageStructure");
  const binary = { note: { DataType: "Binary", BinaryValue: new Uint8Array([1]) } };
  await expect(publish({ MessageAttributes: binary })).rejects.toThrow("BinaryValue");
});

test("half a surrogate pair fails before anything is sent, as in the client", async () => {
  await expect(publish({ Message: "a\ud800" })).rejects.toThrow(URIError);
  await expect(publish({ Subject: "a\udc00" })).rejects.toThrow(URIError);
  expect(sns.published).toEqual([]);
});
