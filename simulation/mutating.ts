import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Configuration } from "../shared/configuration/schema.ts";
import { namedTargets, type Resource } from "../shared/scaling/policy.ts";
import { commandName } from "./commands.ts";

/** Whether a command may change anything: whatever does not only look. */
export function mutates(command: unknown): boolean {
  return !/^(Describe|Get|List|BatchGet|Query|Scan|Search|Select|TransactGet)/.test(commandName(command));
}

/** Whether it changes anything but the tables, the bus and the queue, which are our own. */
export function changesResources(command: unknown): boolean {
  return mutates(command) && !/^(TransactWriteItems|PutEvents|SendMessageBatch)Command$/.test(commandName(command));
}

/** Whether it only looks, or changes the capacity of what is told to act, and nothing else of it. */
export function mayChange(configuration: Configuration, command: unknown): boolean {
  if (!mutates(command)) return true;
  const changed = changedBy(command);
  if (changed === null) return false;
  const acting = namedTargets(configuration).filter(({ mode }) => mode === "act");
  if (acting.some(({ resource }) => JSON.stringify(resource) === JSON.stringify(changed))) return true;
  const { scaling, evaluateScaling } = configuration;
  const isNamed = namedTargets(configuration).some(
    ({ resource }) => JSON.stringify(resource) === JSON.stringify(changed),
  );
  return !isNamed && Object.values(scaling.tagged).some(({ mode = evaluateScaling.mode }) => mode === "act");
}

/** Whose capacity a command changes; null where it changes anything else. */
function changedBy(command: unknown): Resource | null {
  if (command instanceof UpdateServiceCommand) {
    const { cluster = "", service = "", desiredCount, ...others } = command.input;
    if (desiredCount === undefined || Object.keys(others).length > 0) return null;
    return { type: "ecs-service", cluster, service };
  }
  if (command instanceof SetDesiredCapacityCommand) {
    const { AutoScalingGroupName: group = "", HonorCooldown } = command.input;
    return HonorCooldown === true ? { type: "auto-scaling-group", group } : null;
  }
  if (command instanceof RegisterScalableTargetCommand) {
    const { ServiceNamespace: namespace = "", ResourceId: resource = "", ScalableDimension = "" } = command.input;
    return { type: "scalable-target", namespace, resource, dimension: ScalableDimension };
  }
  return null;
}
