// An Application Auto Scaling that lives in memory: scalable targets, within which bounds they are scaled, what is suspended, and
// by which policies. It scales nothing. What it claims is a suite in test/contract, to which moto is held as well.

import {
  type ApplicationAutoScalingClient,
  ConcurrentUpdateException,
  DeregisterScalableTargetCommand,
  type DeregisterScalableTargetCommandInput,
  type DeregisterScalableTargetCommandOutput,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  ListTagsForResourceCommand,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
  ObjectNotFoundException,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  type RegisterScalableTargetCommandOutput,
  ResourceNotFoundException,
  type ScalableDimension,
  type ScalingPolicy,
  type ServiceNamespace,
} from "@aws-sdk/client-application-auto-scaling";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { describePolicies, describeTargets } from "./application-auto-scaling-describe.ts";
import { invalid, refused } from "./application-auto-scaling-errors.ts";

export interface TargetIdentity {
  namespace: ServiceNamespace;
  /** `service/CLUSTER/SERVICE` in the namespace `ecs`. */
  resourceId: string;
  dimension: ScalableDimension;
}

/** A target as it stands: changed at will by whoever sets a scene. */
export interface TargetRecord extends Readonly<TargetIdentity> {
  readonly arn: string;
  readonly createdAt: Instant;
  minimum: number;
  maximum: number;
  suspended: { scaleIn: boolean; scaleOut: boolean; scheduled: boolean };
  tags: Record<string, string>;
  policies: Omit<ScalingPolicy, "ServiceNamespace" | "ResourceId" | "ScalableDimension">[];
}

type Change = Partial<Omit<TargetRecord, keyof TargetIdentity | "arn" | "createdAt">>;

export interface SimulatedApplicationAutoScaling {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ApplicationAutoScalingClient["send"];
  /** From one to ten, with nothing suspended, unless stated otherwise. */
  put(identity: TargetIdentity, change?: Change): TargetRecord;
  /** Throws Broken for an unknown one. */
  target(identity: TargetIdentity): TargetRecord;
  /** Asked each time that a target is to be changed: whether somebody else is changing it. */
  isContended: (identity: TargetIdentity) => boolean;
}

export interface ApplicationContents {
  now: () => Instant;
  home: { account: string; region: string };
  targets: Map<string, TargetRecord>;
  sequence: number;
}

export function createApplicationAutoScaling(options: {
  now: () => Instant;
  account: string;
  region: string;
}): SimulatedApplicationAutoScaling {
  const { now, account, region } = options;
  const contents: ApplicationContents = { now, home: { account, region }, targets: new Map(), sequence: 0 };
  const simulated: SimulatedApplicationAutoScaling = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(contents, simulated, command)) as ApplicationAutoScalingClient["send"],
    put: (identity, change = {}) => put(contents, identity, change),
    target(identity) {
      const found = contents.targets.get(keyOf(identity));
      if (found === undefined) throw new Broken(`there is no target ${keyOf(identity)}`);
      return found;
    },
    isContended: () => false,
  };
  return simulated;
}

function put(contents: ApplicationContents, identity: TargetIdentity, change: Change): TargetRecord {
  const { account, region } = contents.home;
  const id = (++contents.sequence).toString(16).padStart(32, "0");
  const record: TargetRecord = {
    ...{ ...identity, arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${id}` },
    ...{ createdAt: contents.now(), minimum: 1, maximum: 10, tags: {}, policies: [] },
    suspended: { scaleIn: false, scaleOut: false, scheduled: false },
    ...change,
  };
  contents.targets.set(keyOf(identity), record);
  return record;
}

function keyOf({ namespace, resourceId, dimension }: TargetIdentity): string {
  return `${namespace} ${resourceId} ${dimension}`;
}

function answer(
  contents: ApplicationContents,
  { isContended }: SimulatedApplicationAutoScaling,
  command: unknown,
): unknown {
  if (command instanceof DescribeScalableTargetsCommand) return describeTargets(contents, command.input);
  if (command instanceof DescribeScalingPoliciesCommand) return describePolicies(contents, command.input);
  if (command instanceof ListTagsForResourceCommand) return listTags(contents, command.input);
  if (command instanceof RegisterScalableTargetCommand) return register(contents, isContended, command.input);
  if (command instanceof DeregisterScalableTargetCommand) return deregister(contents, isContended, command.input);
  throw new Error(`the simulated Application Auto Scaling does not implement ${commandName(command)}`);
}

const identityParameters = ["ServiceNamespace", "ResourceId", "ScalableDimension"];

interface IdentityInput {
  ServiceNamespace: ServiceNamespace | undefined;
  ResourceId: string | undefined;
  ScalableDimension: ScalableDimension | undefined;
}

function identityOf({ ServiceNamespace, ResourceId = "", ScalableDimension }: IdentityInput): TargetIdentity {
  if (ServiceNamespace === undefined || ScalableDimension === undefined || ResourceId === "") {
    throw invalid("serviceNamespace, resourceId and scalableDimension must not be null");
  }
  return { namespace: ServiceNamespace, resourceId: ResourceId, dimension: ScalableDimension };
}

/** Of a target that is there, what is not said stays as it was. */
function register(
  contents: ApplicationContents,
  isContended: (identity: TargetIdentity) => boolean,
  input: RegisterScalableTargetCommandInput,
): RegisterScalableTargetCommandOutput {
  const parameters = [...identityParameters, "MinCapacity", "MaxCapacity", "SuspendedState"];
  refuseParameters("Application Auto Scaling", "RegisterScalableTargetCommand", input, parameters);
  const identity = identityOf(input);
  if (isContended(identity)) throw contended();
  const before = contents.targets.get(keyOf(identity));
  const { MinCapacity: minimum = before?.minimum, MaxCapacity: maximum = before?.maximum } = input;
  if (minimum === undefined || maximum === undefined) {
    throw invalid("MinCapacity and MaxCapacity are required to register a scalable target");
  }
  if (![minimum, maximum].every((capacity) => Number.isInteger(capacity) && capacity >= 0)) {
    throw invalid("a capacity is a whole number of at least 0");
  }
  if (minimum > maximum) throw invalid("Maximum capacity cannot be less than minimum capacity");
  const target = before ?? put(contents, identity, {});
  Object.assign(target, { minimum, maximum, suspended: { ...target.suspended, ...suspendedBy(input) } });
  return { $metadata: { httpStatusCode: 200 }, ScalableTargetARN: target.arn };
}

function suspendedBy({
  SuspendedState: state,
}: RegisterScalableTargetCommandInput): Partial<TargetRecord["suspended"]> {
  if (state === undefined) return {};
  const { DynamicScalingInSuspended: scaleIn, DynamicScalingOutSuspended: scaleOut } = state;
  const { ScheduledScalingSuspended: scheduled } = state;
  // The documentation does not say whether a part that is left out stays as it was, so nobody may leave one out.
  if (scaleIn === undefined || scaleOut === undefined || scheduled === undefined) {
    throw new Error("the simulated Application Auto Scaling does not implement a part of SuspendedState alone");
  }
  return { scaleIn, scaleOut, scheduled };
}

function deregister(
  contents: ApplicationContents,
  isContended: (identity: TargetIdentity) => boolean,
  input: DeregisterScalableTargetCommandInput,
): DeregisterScalableTargetCommandOutput {
  refuseParameters("Application Auto Scaling", "DeregisterScalableTargetCommand", input, identityParameters);
  const identity = identityOf(input);
  if (isContended(identity)) throw contended();
  if (!contents.targets.delete(keyOf(identity))) {
    throw new ObjectNotFoundException({ message: `No scalable target found for ${keyOf(identity)}`, ...refused });
  }
  return { $metadata: { httpStatusCode: 200 } };
}

function listTags(
  { targets }: ApplicationContents,
  input: ListTagsForResourceCommandInput,
): ListTagsForResourceCommandOutput {
  const target = [...targets.values()].find(({ arn }) => arn === input.ResourceARN);
  if (target !== undefined) return { $metadata: { httpStatusCode: 200 }, Tags: { ...target.tags } };
  const ResourceName = input.ResourceARN ?? "";
  throw new ResourceNotFoundException({ message: `Resource not found: ${ResourceName}`, ResourceName, ...refused });
}

function contended(): ConcurrentUpdateException {
  const message = "There is already a pending update to this Auto Scaling resource.";
  return new ConcurrentUpdateException({ message, $metadata: { httpStatusCode: 500 } });
}
