import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { createSqs } from "../../../simulation/aws/sqs.ts";

const queue = "https://sqs.eu-west-1.amazonaws.com/111122223333/scalings";

function scene() {
  const sqs = createSqs({ now: () => 7, queues: [queue] });
  const send = (...bodies: string[]) => {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    return sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
  };
  return { sqs, send };
}

test("what is sent is kept in its order", async () => {
  const { sqs, send } = scene();
  await send("a", "b");
  await send("c");
  expect(sqs.messages.map(({ body }) => body)).toEqual(["a", "b", "c"]);
  expect(sqs.messages[0]).toMatchObject({ at: 7, queue });
  expect(new Set(sqs.messages.map(({ id }) => id)).size).toBe(3);
});

test("one entry is refused while the others are taken", async () => {
  const { sqs, send } = scene();
  sqs.refuse = ({ MessageBody }) => (MessageBody === "b" ? { code: "InternalError", isSendersFault: false } : null);
  const { Successful, Failed } = await send("a", "b", "c");
  expect(Successful?.map(({ Id }) => Id)).toEqual(["0", "2"]);
  expect(Failed).toEqual([{ Id: "1", SenderFault: false, Code: "InternalError" }]);
  expect(sqs.messages.map(({ body }) => body)).toEqual(["a", "c"]);
});

test("what is delayed is there later, by fifteen minutes at the most", async () => {
  const { sqs } = scene();
  const Entries = [5, 900, 901].map((DelaySeconds, index) => ({ Id: String(index), MessageBody: "a", DelaySeconds }));
  const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
  expect(sqs.messages.map(({ visibleAt }) => visibleAt)).toEqual([5_007, 900_007]);
  expect(Failed).toEqual([{ Id: "2", SenderFault: true, Code: "InvalidParameterValue" }]);
});

test.each([
  ["MessageGroupId of SendMessageBatchCommand", { Id: "a", MessageBody: "a", MessageGroupId: "b" }],
  ["an empty MessageBody", { Id: "a", MessageBody: "" }],
])("%s is not simulated, and is named", async (name, entry) => {
  const sent = scene().sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: [entry] }));
  await expect(sent).rejects.toThrow(`the simulated SQS does not implement ${name}`);
});
