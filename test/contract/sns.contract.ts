// What the simulated SNS claims of Publish, and what the simulation claims of a message on its way through a topic into
// a queue, which is how an alarm's SNS action comes to the functions.

import {
  InvalidParameterException,
  InvalidParameterValueException,
  NotFoundException,
  PublishCommand,
  type PublishCommandInput,
  type SNSClient,
} from "@aws-sdk/client-sns";
import { describe, expect } from "vitest";
import { unwrap } from "../../shared/delivery/unwrap.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

/** What somebody hears who is subscribed to a topic. */
export interface Heard {
  subject: string | null;
  message: string;
  attributes: Record<string, string>;
}

export interface SnsConnection {
  send: SNSClient["send"];
  /** A topic that is there, and to which nothing was published yet. */
  topicArn: string;
  heard(): Promise<Heard[]>;
  /** The body of the message in a queue that is subscribed to the topic, when this document is published. */
  throughTopic(document: object): Promise<string>;
}

export type ConnectSns = () => Promise<SnsConnection>;

export function snsContract(name: string, connect: ConnectSns, exceptions: Exceptions = {}): void {
  describe(`${name}: SNS`, () => {
    const claims = createClaims(name, exceptions);
    accepted(claims, connect);
    refused(claims, connect);
    claims.end();
  });
}

function publish({ send, topicArn }: SnsConnection, input: Partial<PublishCommandInput> = {}) {
  return send(new PublishCommand({ TopicArn: topicArn, Message: "wake up", ...input }));
}

const attribute = (StringValue: string) => ({ DataType: "String", StringValue });

function accepted({ claim }: Claims, connect: ConnectSns): void {
  claim("gives each message an id of its own", async () => {
    const connection = await connect();
    const ids = [(await publish(connection)).MessageId, (await publish(connection)).MessageId];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(2);
  });
  claim("tells subject, message and attributes to who is subscribed, as they were published", async () => {
    const connection = await connect();
    const MessageAttributes = { page: attribute("4711"), audience: attribute("shop:1"), severity: attribute("P0") };
    await publish(connection, { Subject: "[P0] opened: cpu", Message: "zwei\nZeilen, ü", MessageAttributes });
    await publish(connection);
    const heard = (await connection.heard()).toSorted((one, other) => other.message.localeCompare(one.message));
    expect(heard).toEqual([
      {
        subject: "[P0] opened: cpu",
        message: "zwei\nZeilen, ü",
        attributes: { page: "4711", audience: "shop:1", severity: "P0" },
      },
      { subject: null, message: "wake up", attributes: {} },
    ]);
  });
  claim("takes 256 KiB, and a subject of 100 characters", async () => {
    const connection = await connect();
    await publish(connection, { Message: "x".repeat(262_144), Subject: "x".repeat(100) });
    expect((await connection.heard()).map(({ message }) => message.length)).toEqual([262_144]);
  });
  claim("puts a document into a subscribed queue in an envelope from which the functions take it", async () => {
    const document = { AlarmName: "cpu", NewStateValue: "ALARM", note: 'ü "quoted"\nand broken' };
    const from = Date.now() - 1_000;
    const envelope = JSON.parse(await (await connect()).throughTopic(document));
    expect(envelope).toMatchObject({ Type: "Notification", Message: JSON.stringify(document) });
    const [opened] = unwrap(envelope);
    expect(opened).toMatchObject({ document, door: "topic", failure: null });
    expect(opened?.at).toBeGreaterThanOrEqual(from);
  });
}

const refusals: [what: string, input: Partial<PublishCommandInput>][] = [
  ["an empty message", { Message: "" }],
  ["a message over 256 KiB", { Message: "x".repeat(262_145) }],
  ["a message over 256 KiB in UTF-8", { Message: "ü".repeat(131_073) }],
  [
    "a message over 256 KiB with its attributes",
    { Message: "x".repeat(262_140), MessageAttributes: { note: attribute("x") } },
  ],
  ["a subject over 100 characters", { Subject: "x".repeat(101) }],
  ["an empty subject", { Subject: "" }],
  ["a subject of two lines", { Subject: "a\nb" }],
  ["a subject with a control character", { Subject: "a\u0007b" }],
  ["a topic that is no ARN", { TopicArn: "pages" }],
  ["no topic", { TopicArn: undefined }],
];

function refused({ claim }: Claims, connect: ConnectSns): void {
  for (const [what, input] of refusals) {
    claim(`refuses ${what}`, async () => {
      const connection = await connect();
      await expect(publish(connection, input)).rejects.toBeInstanceOf(InvalidParameterException);
      expect(await connection.heard()).toEqual([]);
    });
  }
  claim("refuses a topic that is not there", async () => {
    const connection = await connect();
    const TopicArn = `${connection.topicArn}-gone`;
    await expect(publish(connection, { TopicArn })).rejects.toBeInstanceOf(NotFoundException);
  });
  claim("refuses an attribute without a value", async () => {
    const connection = await connect();
    const MessageAttributes = { note: attribute("") };
    await expect(publish(connection, { MessageAttributes })).rejects.toBeInstanceOf(InvalidParameterValueException);
    expect(await connection.heard()).toEqual([]);
  });
}
