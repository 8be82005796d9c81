import type { Configuration } from "../../shared/configuration/schema.ts";

/** One service of the example account whose capacity follows its load. */
export interface ScaledService {
  name: string;
  minimum: number;
  maximum: number;
  /** How many tasks it has at first. */
  initial: number;
  /** How much load a minute one task can take. */
  perTask: number;
  /** Load a minute in the quietest hour, and how much more in the busiest. */
  base: number;
  swing: number;
  busiestHour: number;
  /** What is more than it can take waits in this queue; nothing waits where it has none. */
  queue: string | null;
}

export const cluster = "shop";

export const scaledServices: readonly ScaledService[] = [
  service("checkout", { minimum: 3, maximum: 8, perTask: 100, base: 60, swing: 310, busiestHour: 13 }),
  service("search", { minimum: 2, maximum: 5, perTask: 40, base: 15, swing: 75, busiestHour: 19 }),
  {
    ...service("orders", { minimum: 1, maximum: 4, perTask: 60, base: 8, swing: 85, busiestHour: 10 }),
    queue: "orders",
  },
];

function service(name: string, more: Omit<ScaledService, "name" | "initial" | "queue">): ScaledService {
  return { name, initial: more.minimum + 1, queue: null, ...more };
}

/** What is measured, by the rule that it is held to. */
export const measured = {
  cpu: { namespace: "AWS/ECS", metric: "CPUUtilization" },
  memory: { namespace: "AWS/ECS", metric: "MemoryUtilization" },
  queue: { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible" },
} as const;

export type Metric = keyof typeof measured;

export function metricsOf({ queue }: ScaledService): readonly Metric[] {
  return queue === null ? ["cpu", "memory"] : ["cpu", "memory", "queue"];
}

export function dimensionsOf({ name, queue }: ScaledService, metric: Metric): Record<string, string> {
  return metric === "queue" ? { QueueName: queue ?? "" } : { ClusterName: cluster, ServiceName: name };
}

/** The example account lets its services be scaled, wants more of one in the morning, and nothing on the night of its releases. */
export function configured(configuration: Configuration): Configuration {
  const { scaling, evaluateScaling } = configuration;
  const targets = Object.fromEntries(scaledServices.map((each) => [each.name, targetOf(each)]));
  const working = ["monday", "tuesday", "wednesday", "thursday", "friday"] as const;
  const morning = { name: "mornings", targets: "checkout", days: [...working], from: "07:00", to: "09:00", minimum: 6 };
  const night = { name: "release-night", targets: "*", days: ["thursday" as const], from: "20:00", to: "21:30" };
  return {
    ...configuration,
    evaluateScaling: { ...evaluateScaling, mode: "act" },
    scaling: { ...scaling, targets, floors: [morning], freezes: [night] },
  };
}

type Target = Configuration["scaling"]["targets"][string];

function targetOf({ name, minimum, maximum, queue }: ScaledService): Target {
  const metrics: Target["metrics"] = { cpu: {}, memory: {} };
  const source = { ...measured.queue, statistic: "Maximum", periodSeconds: 60, absence: "idle" } as const;
  if (queue !== null) metrics.queue = { ...source, dimensions: { QueueName: queue } };
  return { type: "ecs-service", cluster, service: name, minimum, maximum, metrics };
}
