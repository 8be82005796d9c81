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

test.each([
  ["DelaySeconds of SendMessageBatchCommand", { Id: "a", MessageBody: "a", DelaySeconds: 5 }],
  ["an empty MessageBody", { Id: "a", MessageBody: "" }],
])("%s is not simulated, and is named", async (name, entry) => {
  const sent = scene().sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: [entry] }));
  await expect(sent).rejects.toThrow(`the simulated SQS does not implement ${name}`);
});
