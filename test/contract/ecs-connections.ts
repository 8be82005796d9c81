import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { createEcs } from "../../simulation/aws/ecs.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectEcs, EcsConnection } from "./ecs.contract.ts";

const service = "checkout";

export async function connectSimulatedEcs(): Promise<EcsConnection> {
  const ecs = createEcs({ now: Date.now, account: "111122223333", region: "us-east-1" });
  const record = ecs.put("shop", service, { desiredCount: 0, tags: { team: "shop" } });
  const remove = async () => {
    record.status = "INACTIVE";
  };
  return { send: ecs.send, cluster: "shop", service, remove };
}

/** A service that wants no task, so that nothing has to run. */
export function connectEcs(endpoint: () => Promise<string>): ConnectEcs {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ECSClient(settings);
    const cluster = `contract-${crypto.randomUUID()}`;
    await client.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: "app", image: "app", memory: 64 }];
    await client.send(new RegisterTaskDefinitionCommand({ family: cluster, containerDefinitions }));
    const tags = [{ key: "team", value: "shop" }];
    const made = { cluster, serviceName: service, taskDefinition: cluster, desiredCount: 0, tags };
    await client.send(new CreateServiceCommand(made));
    const remove = async () => {
      await client.send(new DeleteServiceCommand({ cluster, service, force: true }));
    };
    return { send: client.send.bind(client), cluster, service, remove };
  };
}
