import { ApplicationAutoScalingClient, PutScalingPolicyCommand } from "@aws-sdk/client-application-auto-scaling";
import { createApplicationAutoScaling } from "../../simulation/aws/application-auto-scaling.ts";
import type { ApplicationConnection, ConnectApplication } from "./application-auto-scaling.contract.ts";
import { credentials } from "./dynamodb-local.ts";
import { connectEcs } from "./ecs-connections.ts";

const services = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

const tracking = {
  PolicyType: "TargetTrackingScaling",
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 50,
    PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
  },
} as const;

export async function connectSimulatedApplication(): Promise<ApplicationConnection> {
  const now = () => Date.UTC(2027, 0, 1);
  const scaling = createApplicationAutoScaling({ now, account: "111122223333", region: "us-east-1" });
  let made = 0;
  return {
    send: scaling.send,
    makeService: async () => `service/shop/${++made}`,
    track: async (resourceId, policy) => {
      const identity = { namespace: services.ServiceNamespace, resourceId, dimension: services.ScalableDimension };
      const PolicyARN = `arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:${policy}`;
      const CreationTime = new Date(now());
      scaling.target(identity).policies.push({ PolicyName: policy, PolicyARN, CreationTime, ...tracking });
    },
  };
}

/** An implementation behind HTTP. */
export function connectApplication(endpoint: () => Promise<string>): ConnectApplication {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ApplicationAutoScalingClient(settings);
    return {
      send: client.send.bind(client),
      async makeService() {
        const { cluster, service } = await connectEcs(endpoint)();
        return `service/${cluster}/${service}`;
      },
      track: async (ResourceId, PolicyName) => {
        await client.send(new PutScalingPolicyCommand({ ...services, ResourceId, PolicyName, ...tracking }));
      },
    };
  };
}
