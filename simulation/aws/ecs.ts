// An ECS that lives in memory: services, how many tasks they want and have, and how their deployments go. It runs no tasks; the
// scene says when one runs, and when a deployment is complete. What it claims is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  ClusterNotFoundException,
  type DeploymentRolloutState,
  DescribeServicesCommand,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  type ECSClient,
  InvalidParameterException,
  type SchedulingStrategy,
  ServiceNotActiveException,
  ServiceNotFoundException,
  type Service as ServiceOutput,
  type Tag,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
  type UpdateServiceCommandOutput,
} from "@aws-sdk/client-ecs";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";

export interface ServiceDeployment {
  id: string;
  createdAt: Instant;
  /** Undefined where ECS itself does not control the deployments. */
  rolloutState: DeploymentRolloutState | undefined;
}

/** A service as it stands: changed at will by whoever sets a scene. */
export interface ServiceRecord {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  /** One that is being deleted is DRAINING, and then INACTIVE. */
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  schedulingStrategy: SchedulingStrategy;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  tags: Record<string, string>;
  /** The newest last. */
  deployments: ServiceDeployment[];
}

type Change = Partial<Omit<ServiceRecord, "cluster" | "name" | "arn">>;

export interface SimulatedEcs {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ECSClient["send"];
  /** A service with one deployment, which is complete, and as many tasks as it wants: one, unless stated otherwise. */
  put(cluster: string, service: string, change?: Change): ServiceRecord;
  /** Throws Broken for an unknown one. */
  service(cluster: string, service: string): ServiceRecord;
  /** The deployments of a service, the newest last: changed at will by whoever sets a scene. Throws Broken for an unknown one. */
  deployments(cluster: string, service: string): ServiceDeployment[];
}

/** What becomes of a service that has just been told how many tasks it shall have. */
export type Follow = (service: ServiceRecord) => void;

/** The tasks run, or are gone, at once. */
export const followAtOnce: Follow = (service) => {
  service.runningCount = service.desiredCount;
  service.pendingCount = 0;
};

interface Contents {
  now: () => Instant;
  home: { account: string; region: string };
  follow: Follow;
  clusters: Map<string, Map<string, ServiceRecord>>;
  sequence: number;
}

/** Tasks follow what is desired at once, unless `follow` says otherwise: then as it does, or as the scene does later. */
export function createEcs(options: {
  now: () => Instant;
  account: string;
  region: string;
  follow?: Follow;
}): SimulatedEcs {
  const { now, account, region, follow = followAtOnce } = options;
  const contents: Contents = { now, home: { account, region }, follow, clusters: new Map(), sequence: 0 };
  const simulated: SimulatedEcs = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(contents, command)) as ECSClient["send"],
    put(cluster, service, change = {}) {
      const services = contents.clusters.get(cluster) ?? new Map<string, ServiceRecord>();
      const record = recordOf(contents, cluster, service, change);
      contents.clusters.set(cluster, services.set(service, record));
      return record;
    },
    service(cluster, service) {
      const found = contents.clusters.get(cluster)?.get(service);
      if (found === undefined) throw new Broken(`there is no service ${cluster}/${service}`);
      return found;
    },
    deployments: (cluster, service) => simulated.service(cluster, service).deployments,
  };
  return simulated;
}

function recordOf(contents: Contents, cluster: string, name: string, change: Change): ServiceRecord {
  const { desiredCount = 1 } = change;
  return {
    ...{ cluster, name, arn: arnOf(contents, cluster, name), status: "ACTIVE", schedulingStrategy: "REPLICA" },
    ...{ desiredCount, runningCount: desiredCount, pendingCount: 0, tags: {} },
    deployments: [deployment(contents, "COMPLETED")],
    ...change,
  };
}

function deployment(contents: Contents, rolloutState: DeploymentRolloutState): ServiceDeployment {
  const id = `ecs-svc/${String(++contents.sequence).padStart(19, "0")}`;
  return { id, createdAt: contents.now(), rolloutState };
}

function answer(contents: Contents, command: unknown): unknown {
  if (command instanceof DescribeServicesCommand) return describeServices(contents, command.input);
  if (command instanceof UpdateServiceCommand) return updateService(contents, command.input);
  throw new Error(`the simulated ECS does not implement ${commandName(command)}`);
}

/** Source of the bound: API reference, DescribeServices. */
const maximumServices = 10;

function describeServices(contents: Contents, input: DescribeServicesCommandInput): DescribeServicesCommandOutput {
  refuseParameters("ECS", "DescribeServicesCommand", input, ["cluster", "services", "include"]);
  const { cluster = "default", services: asked = [], include = [] } = input;
  const unknown = include.find((part) => part !== "TAGS");
  if (unknown !== undefined) throw new Error(`the simulated ECS does not implement to include ${unknown}`);
  if (asked.length === 0) throw invalid("Services cannot be empty.");
  if (asked.length > maximumServices) throw invalid(`Services: at most ${maximumServices}`);
  const there = clusterNamed(contents, nameIn(cluster));
  const found = asked.flatMap((service) => there.get(nameIn(service)) ?? []);
  const missing = asked.filter((service) => !there.has(nameIn(service)));
  return {
    $metadata: { httpStatusCode: 200 },
    services: found.map((service) => ({
      ...outputOf(contents, service),
      ...(include.includes("TAGS") ? { tags: tagsOf(service) } : {}),
    })),
    failures: missing.map((service) => ({
      arn: arnOf(contents, nameIn(cluster), nameIn(service)),
      reason: "MISSING",
    })),
  };
}

function updateService(contents: Contents, input: UpdateServiceCommandInput): UpdateServiceCommandOutput {
  refuseParameters("ECS", "UpdateServiceCommand", input, ["cluster", "service", "forceNewDeployment", "desiredCount"]);
  const { cluster = "default", service: asked = "", forceNewDeployment = false, desiredCount } = input;
  const service = clusterNamed(contents, nameIn(cluster)).get(nameIn(asked));
  if (service === undefined) throw new ServiceNotFoundException({ message: "Service not found.", ...refused });
  if (service.status !== "ACTIVE")
    throw new ServiceNotActiveException({ message: "Service was not ACTIVE.", ...refused });
  if (desiredCount !== undefined) setDesired(contents, service, desiredCount);
  if (forceNewDeployment) service.deployments.push(deployment(contents, "IN_PROGRESS"));
  return { $metadata: { httpStatusCode: 200 }, service: outputOf(contents, service) };
}

/** That alone deploys nothing anew. */
function setDesired({ follow }: Contents, service: ServiceRecord, desiredCount: number): void {
  if (service.schedulingStrategy === "DAEMON") {
    throw invalid("The daemon scheduling strategy does not support a desired count for services.");
  }
  if (!Number.isInteger(desiredCount) || desiredCount < 0) throw invalid("desiredCount cannot be negative");
  service.desiredCount = desiredCount;
  service.pendingCount = Math.max(0, desiredCount - service.runningCount);
  follow(service);
}

function outputOf(contents: Contents, service: ServiceRecord): ServiceOutput {
  const { cluster, name, arn, deployments, status, schedulingStrategy } = service;
  const { desiredCount, runningCount, pendingCount } = service;
  const newestFirst = [...deployments].reverse();
  return {
    ...{ serviceName: name, serviceArn: arn, clusterArn: clusterArnOf(contents, cluster) },
    ...{ status, schedulingStrategy, desiredCount, runningCount, pendingCount },
    deployments: newestFirst.map(({ id, createdAt, rolloutState }, index) => ({
      id,
      status: index === 0 ? "PRIMARY" : "ACTIVE",
      createdAt: new Date(createdAt),
      ...(rolloutState === undefined ? {} : { rolloutState }),
    })),
  };
}

function tagsOf({ tags }: ServiceRecord): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** A cluster or a service may be named by its ARN, which ends with its name. */
function nameIn(nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? (nameOrArn.split("/").at(-1) ?? "") : nameOrArn;
}

function clusterNamed({ clusters }: Contents, name: string): Map<string, ServiceRecord> {
  const found = clusters.get(name);
  if (found !== undefined) return found;
  throw new ClusterNotFoundException({ message: "Cluster not found.", ...refused });
}

function arnOf({ home }: Contents, cluster: string, name: string): string {
  return `arn:aws:ecs:${home.region}:${home.account}:service/${cluster}/${name}`;
}

function clusterArnOf({ home }: Contents, cluster: string): string {
  return `arn:aws:ecs:${home.region}:${home.account}:cluster/${cluster}`;
}

function invalid(message: string): InvalidParameterException {
  return new InvalidParameterException({ message, ...refused });
}

const refused = { $metadata: { httpStatusCode: 400 } };
