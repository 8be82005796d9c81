import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  PutScalingPolicyCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import { createAutoScaling } from "../../simulation/aws/auto-scaling.ts";
import type { AutoScalingConnection, ConnectAutoScaling } from "./auto-scaling.contract.ts";
import { credentials } from "./dynamodb-local.ts";

const bounds = { minimum: 1, maximum: 4, desired: 2, defaultCooldownSeconds: 300 };

const tracking = {
  PolicyType: "TargetTrackingScaling",
  TargetTrackingConfiguration: {
    TargetValue: 50,
    PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const },
  },
};

export async function connectSimulatedAutoScaling(): Promise<AutoScalingConnection> {
  const now = () => Date.UTC(2027, 0, 1);
  const autoScaling = createAutoScaling({ now, account: "111122223333", region: "us-east-1" });
  return {
    send: autoScaling.send,
    nameOf: (group) => group,
    make: async (name, tags = {}) => void autoScaling.put(name, { ...bounds, tags: { ...tags } }),
    track: async (name, policy) => void autoScaling.group(name).policies.push({ PolicyName: policy, ...tracking }),
    suspend: async (name, process) => void autoScaling.group(name).suspendedProcesses.push(process),
    refresh: async (name) => {
      const { refreshes } = autoScaling.group(name);
      refreshes.push({ id: "refresh", status: "InProgress", startAt: now(), percentageComplete: 0 });
    },
  };
}

/** An implementation behind HTTP. */
export function connectAutoScaling(endpoint: () => Promise<string>): ConnectAutoScaling {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new AutoScalingClient(settings);
    const unique = crypto.randomUUID();
    const LaunchConfigurationName = `contract-${unique}`;
    const image = { ImageId: "ami-12c6146b", InstanceType: "t3.micro" };
    await client.send(new CreateLaunchConfigurationCommand({ LaunchConfigurationName, ...image }));
    return {
      send: client.send.bind(client),
      nameOf: (group) => `${group}-${unique}`,
      make: async (AutoScalingGroupName, tags = {}) => {
        const sizes = { MinSize: bounds.minimum, MaxSize: bounds.maximum, DesiredCapacity: bounds.desired };
        const resource = { ResourceId: AutoScalingGroupName, ResourceType: "auto-scaling-group" };
        const Tags = Object.entries(tags).map(([Key, Value]) => ({
          ...resource,
          Key,
          Value,
          PropagateAtLaunch: false,
        }));
        const place = { AvailabilityZones: ["us-east-1a"], DefaultCooldown: bounds.defaultCooldownSeconds };
        const made = { AutoScalingGroupName, LaunchConfigurationName, ...sizes, ...place, Tags };
        await client.send(new CreateAutoScalingGroupCommand(made));
      },
      track: async (AutoScalingGroupName, PolicyName) => {
        await client.send(new PutScalingPolicyCommand({ AutoScalingGroupName, PolicyName, ...tracking }));
      },
      suspend: async (AutoScalingGroupName, process) => {
        await client.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [process] }));
      },
      refresh: async (AutoScalingGroupName) => {
        await client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName }));
      },
    };
  };
}
