import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { World } from "./world.ts";

/** A queue of this name, into which a rule leads what Nightshift tells of one kind. Gives its URL. */
export async function hear({ settings, deployment }: World, name: string, detailType: string): Promise<string> {
  const sqs = new SQSClient(settings);
  const events = new EventBridgeClient(settings);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const rule = { Name: name, EventBusName: deployment.findingsBus };
  const pattern = { source: ["nightshift"], "detail-type": [detailType] };
  await events.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify(pattern) }));
  const target = { Id: "queue", Arn: Attributes?.QueueArn };
  await events.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets: [target] }));
  return QueueUrl;
}
