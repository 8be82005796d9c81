import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { minute } from "../shared/instant.ts";
import { scalingTag } from "../shared/scaling/tags.ts";
import { settingsFor } from "./world.ts";

// What there is to be scaled: ECS services, which are there before Nightshift is.

export const cluster = "sandbox";
/** Is named in the configuration, and acts. */
export const acting = "sandbox-acting";
/** Is found by its tag, and only recommends. */
export const advised = "sandbox-advised";
/** Has no tag, so that nobody comes upon it by himself. */
export const queued = "sandbox-queued";
export const tasksAtFirst = 2;

/** Without a cooldown a person need not wait between two changes. */
export const scalingOverrides = {
  cooldownSeconds: { afterOut: 0 },
  targets: { [acting]: { type: "ecs-service", cluster, service: acting, maximum: 6, mode: "act" } },
  tagged: { [advised]: { key: scalingTag, value: advised, maximum: 6 } },
};

export async function startServices(endpoint: string): Promise<void> {
  const ecs = new ECSClient(settingsFor(endpoint));
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const containerDefinitions = [{ name: "web", image: "web", memory: 128, essential: true }];
  await ecs.send(new RegisterTaskDefinitionCommand({ family: "sandbox-web", containerDefinitions }));
  for (const serviceName of [acting, advised, queued]) {
    const tags = serviceName === queued ? [] : [{ key: scalingTag, value: serviceName }];
    const service = { cluster, serviceName, taskDefinition: "sandbox-web", desiredCount: tasksAtFirst, tags };
    await ecs.send(new CreateServiceCommand(service));
  }
}

/** How many tasks a service is to have. */
export async function desiredCount(endpoint: string, service: string): Promise<number> {
  const ecs = new ECSClient(settingsFor(endpoint));
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  const [found] = services;
  if (found?.desiredCount === undefined) throw new Error(`there is no service ${service}`);
  return found.desiredCount;
}

/**
 * As ECS would in an hour: the same busy value in each minute, from 45 minutes ago to, because nobody can wait here, a quarter of an
 * hour from now.
 */
export async function putLoad(endpoint: string, service: string): Promise<void> {
  const cloudwatch = new CloudWatchClient(settingsFor(endpoint));
  const Dimensions = [
    { Name: "ClusterName", Value: cluster },
    { Name: "ServiceName", Value: service },
  ];
  const now = Math.floor(Date.now() / minute) * minute;
  const stamps = Array.from({ length: 60 }, (_, index) => new Date(now + (index - 45) * minute));
  const MetricData = Object.entries({ CPUUtilization: 90, MemoryUtilization: 50 }).flatMap(([MetricName, Value]) =>
    stamps.map((Timestamp) => ({ MetricName, Dimensions, Timestamp, Value })),
  );
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/ECS", MetricData }));
}
