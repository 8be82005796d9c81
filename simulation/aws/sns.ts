// An SNS that lives in memory and delivers nothing: it keeps what was published, and tells whoever listens. What it claims
// is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  InternalErrorException,
  InvalidParameterException,
  InvalidParameterValueException,
  NotFoundException,
  PublishCommand,
  type PublishCommandInput,
  type PublishCommandOutput,
  type SNSClient,
} from "@aws-sdk/client-sns";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface Published {
  at: Instant;
  topicArn: string;
  subject: string | null;
  message: string;
  attributes: Record<string, string>;
}

export interface SimulatedSns {
  /**
   * As the SDK client's. What is published is so before `send` returns; only the answer is a promise. Throws an Error
   * that names the command or parameter for what is not simulated.
   */
  send: SNSClient["send"];
  /** In the order in which it was published. */
  readonly published: Published[];
  /** Lets Publish to the topic fail on the service's side, until told otherwise. Throws Broken for an unknown topic. */
  refuse(topicArn: string, refused: boolean): void;
  onPublish(listener: (published: Published) => void): void;
}

interface Service {
  now: () => Instant;
  topics: ReadonlySet<string>;
  refused: Set<string>;
  published: Published[];
  listeners: ((published: Published) => void)[];
  /** How many messages it has accepted. */
  sequence: number;
}

export function createSns(options: { now: () => Instant; topics: readonly string[] }): SimulatedSns {
  const service: Service = {
    now: options.now,
    topics: new Set(options.topics),
    refused: new Set(),
    published: [],
    listeners: [],
    sequence: 0,
  };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(service, command)) as SNSClient["send"],
    published: service.published,
    refuse(topicArn, refused) {
      if (!service.topics.has(topicArn)) throw new Broken(`there is no topic ${topicArn}`);
      if (refused) service.refused.add(topicArn);
      else service.refused.delete(topicArn);
    },
    onPublish: (listener) => {
      service.listeners.push(listener);
    },
  };
}

function answer(service: Service, command: unknown): unknown {
  if (command instanceof PublishCommand) {
    return publish(service, command.input);
  }
  throw new Error(`the simulated SNS does not implement ${commandName(command)}`);
}

function publish(service: Service, input: PublishCommandInput): PublishCommandOutput {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !parameters.has(name)) {
      throw new Error(`the simulated SNS does not implement ${name} of PublishCommand`);
    }
  }
  const topicArn = topicOf(input);
  const message = input.Message ?? "";
  const attributes = attributesOf(input);
  // What the SDK's client throws when it writes such a text into its request.
  if (!message.isWellFormed() || input.Subject?.isWellFormed() === false) throw new URIError("URI malformed");
  checkSize(input, message);
  checkSubject(input.Subject);
  if (!service.topics.has(topicArn)) {
    throw new NotFoundException({ message: "Topic does not exist", $metadata: { httpStatusCode: 404 } });
  }
  if (service.refused.has(topicArn)) {
    throw new InternalErrorException({ message: "Internal Error", $metadata: { httpStatusCode: 500 } });
  }
  const published: Published = { at: service.now(), topicArn, subject: input.Subject ?? null, message, attributes };
  service.published.push(published);
  for (const listener of service.listeners) listener(published);
  return { $metadata: { httpStatusCode: 200 }, MessageId: messageId(++service.sequence) };
}

const parameters = new Set(["TopicArn", "Message", "Subject", "MessageAttributes"]);
const topicPattern = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d+:[\w-]+$/;

function topicOf({ TopicArn }: PublishCommandInput): string {
  if (TopicArn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
  if (!topicPattern.test(TopicArn)) throw invalid("TopicArn");
  return TopicArn;
}

// Source of the bounds: API reference, Publish. The attributes count for the size of a message.
const maximumMessageBytes = 256 * 1_024;
const maximumSubjectLength = 100;

function checkSize({ MessageAttributes }: PublishCommandInput, message: string): void {
  if (message === "") throw invalid("Empty message");
  const counted = Object.entries(MessageAttributes ?? {}).flatMap(([name, { DataType, StringValue }]) => [
    name,
    DataType ?? "",
    StringValue ?? "",
  ]);
  const bytes = [message, ...counted].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > maximumMessageBytes) throw invalid("Message too long");
}

function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (subject === "" || subject.length > maximumSubjectLength || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) {
    throw invalid("Subject");
  }
}

function attributesOf({ MessageAttributes }: PublishCommandInput): Record<string, string> {
  const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => {
    if (BinaryValue !== undefined) throw new Error("the simulated SNS does not implement BinaryValue of an attribute");
    if (!DataType || !StringValue) {
      throw new InvalidParameterValueException({
        message: `The message attribute '${name}' must contain a non-empty type and value.`,
        $metadata: { httpStatusCode: 400 },
      });
    }
    return [name, StringValue] as const;
  });
  return Object.fromEntries(attributes);
}

function invalid(what: string): InvalidParameterException {
  return new InvalidParameterException({ message: `Invalid parameter: ${what}`, $metadata: { httpStatusCode: 400 } });
}

/** Counted, because a random one would make two runs of a seed differ. */
function messageId(sequence: number): string {
  return `00000000-0000-4000-8000-${sequence.toString(16).padStart(12, "0")}`;
}
