// An ECS that lives in memory: services that are deployed anew, and how their deployments go. It runs no tasks; the scene says
// when a deployment is complete. What it claims is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  ClusterNotFoundException,
  type DeploymentRolloutState,
  DescribeServicesCommand,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  type ECSClient,
  InvalidParameterException,
  ServiceNotFoundException,
  type Service as ServiceOutput,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
  type UpdateServiceCommandOutput,
} from "@aws-sdk/client-ecs";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface ServiceDeployment {
  id: string;
  createdAt: Instant;
  /** Undefined where ECS itself does not control the deployments. */
  rolloutState: DeploymentRolloutState | undefined;
}

export interface SimulatedEcs {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ECSClient["send"];
  /** A service with one deployment, which is complete. */
  put(cluster: string, service: string): void;
  /** The deployments of a service, the newest last: changed at will by whoever sets a scene. Throws Broken for an unknown one. */
  deployments(cluster: string, service: string): ServiceDeployment[];
}

interface Contents {
  now: () => Instant;
  home: { account: string; region: string };
  clusters: Map<string, Map<string, ServiceDeployment[]>>;
  sequence: number;
}

export function createEcs(options: { now: () => Instant; account: string; region: string }): SimulatedEcs {
  const { now, account, region } = options;
  const contents: Contents = { now, home: { account, region }, clusters: new Map(), sequence: 0 };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(contents, command)) as ECSClient["send"],
    put(cluster, service) {
      const services = contents.clusters.get(cluster) ?? new Map();
      contents.clusters.set(cluster, services.set(service, [deployment(contents, "COMPLETED")]));
    },
    deployments(cluster, service) {
      const found = contents.clusters.get(cluster)?.get(service);
      if (found === undefined) throw new Broken(`there is no service ${cluster}/${service}`);
      return found;
    },
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
  refuseUnknown("DescribeServicesCommand", input, ["cluster", "services"]);
  const { cluster = "default", services: asked = [] } = input;
  if (asked.length === 0) throw invalid("Services cannot be empty.");
  if (asked.length > maximumServices) throw invalid(`Services: at most ${maximumServices}`);
  const there = clusterNamed(contents, cluster);
  const found = asked.filter((name) => there.has(name));
  const missing = asked.filter((name) => !there.has(name));
  return {
    $metadata: { httpStatusCode: 200 },
    services: found.map((name) => outputOf(contents, cluster, name, there.get(name) ?? [])),
    failures: missing.map((name) => ({ arn: arnOf(contents, cluster, name), reason: "MISSING" })),
  };
}

function updateService(contents: Contents, input: UpdateServiceCommandInput): UpdateServiceCommandOutput {
  refuseUnknown("UpdateServiceCommand", input, ["cluster", "service", "forceNewDeployment"]);
  const { cluster = "default", service = "", forceNewDeployment = false } = input;
  const deployments = clusterNamed(contents, cluster).get(service);
  if (deployments === undefined) {
    throw new ServiceNotFoundException({ message: "Service not found.", $metadata: { httpStatusCode: 400 } });
  }
  if (forceNewDeployment) deployments.push(deployment(contents, "IN_PROGRESS"));
  return { $metadata: { httpStatusCode: 200 }, service: outputOf(contents, cluster, service, deployments) };
}

function outputOf(contents: Contents, cluster: string, name: string, all: readonly ServiceDeployment[]): ServiceOutput {
  const newestFirst = [...all].reverse();
  return {
    serviceName: name,
    serviceArn: arnOf(contents, cluster, name),
    status: "ACTIVE",
    deployments: newestFirst.map(({ id, createdAt, rolloutState }, index) => ({
      id,
      status: index === 0 ? "PRIMARY" : "ACTIVE",
      createdAt: new Date(createdAt),
      ...(rolloutState === undefined ? {} : { rolloutState }),
    })),
  };
}

function clusterNamed({ clusters }: Contents, name: string): Map<string, ServiceDeployment[]> {
  const found = clusters.get(name);
  if (found !== undefined) return found;
  throw new ClusterNotFoundException({ message: "Cluster not found.", $metadata: { httpStatusCode: 400 } });
}

function arnOf({ home }: Contents, cluster: string, name: string): string {
  return `arn:aws:ecs:${home.region}:${home.account}:service/${cluster}/${name}`;
}

function invalid(message: string): InvalidParameterException {
  return new InvalidParameterException({ message, $metadata: { httpStatusCode: 400 } });
}

function refuseUnknown(command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated ECS does not implement ${name} of ${command}`);
    }
  }
}
