// What the simulated ECS claims of services that are deployed anew, and that are given other numbers of tasks.

import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  type ECSClient,
  InvalidParameterException,
  ServiceNotActiveException,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface EcsConnection {
  send: ECSClient["send"];
  /** A service that is there, with one deployment, which wants no tasks and has a tag, `team: shop`. */
  cluster: string;
  service: string;
  /** The service is on its way out from now on, or gone. */
  remove(): Promise<void>;
}

export type ConnectEcs = () => Promise<EcsConnection>;

export function ecsContract(name: string, connect: ConnectEcs, exceptions: Exceptions = {}): void {
  describe(`${name}: ECS`, () => {
    const claims = createClaims(name, exceptions);
    deployments(claims, connect);
    counts(claims, connect);
    missing(claims, connect);
    claims.end();
  });
}

async function seen({ send, cluster, service }: EcsConnection) {
  const { services = [] } = await send(new DescribeServicesCommand({ cluster, services: [service] }));
  return services[0];
}

function deployments({ claim }: Claims, connect: ConnectEcs): void {
  claim("tells of a service that it is active, and of its newest deployment, which is PRIMARY", async () => {
    const connection = await connect();
    const found = await seen(connection);
    expect(found).toMatchObject({ serviceName: connection.service, status: "ACTIVE" });
    const primary = found?.deployments?.filter(({ status }) => status === "PRIMARY") ?? [];
    expect(primary).toHaveLength(1);
    expect(primary[0]?.createdAt).toBeInstanceOf(Date);
  });
  claim("tells of the newest deployment how it goes", async () => {
    const found = await seen(await connect());
    const [primary] = found?.deployments?.filter(({ status }) => status === "PRIMARY") ?? [];
    expect(["IN_PROGRESS", "COMPLETED"]).toContain(primary?.rolloutState);
  });
  claim("deploys anew when it is told to: another deployment is the newest then", async () => {
    const connection = await connect();
    const { cluster, service, send } = connection;
    const before = (await seen(connection))?.deployments?.find(({ status }) => status === "PRIMARY");
    await send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    const after = (await seen(connection))?.deployments?.find(({ status }) => status === "PRIMARY");
    expect(after?.id).toEqual(expect.any(String));
    expect(after?.id).not.toBe(before?.id);
    expect(after?.createdAt?.getTime()).toBeGreaterThanOrEqual(before?.createdAt?.getTime() ?? 0);
  });
}

function counts({ claim }: Claims, connect: ConnectEcs): void {
  claim("tells how many tasks are desired, run and are awaited", async () => {
    const none = { desiredCount: 0, runningCount: 0, pendingCount: 0 };
    expect(await seen(await connect())).toMatchObject(none);
  });
  claim("changes how many tasks are desired, and deploys nothing anew for it", async () => {
    const connection = await connect();
    const { cluster, service, send } = connection;
    const before = await seen(connection);
    const { service: changed } = await send(new UpdateServiceCommand({ cluster, service, desiredCount: 3 }));
    expect(changed).toMatchObject({ serviceName: service, desiredCount: 3 });
    const after = await seen(connection);
    expect(after).toMatchObject({ desiredCount: 3, status: "ACTIVE" });
    expect(after?.deployments?.map(({ id }) => id)).toEqual(before?.deployments?.map(({ id }) => id));
    await send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
    expect(await seen(connection)).toMatchObject({ desiredCount: 0 });
  });
  claim("tells the tags of a service to whoever asks for them, and to nobody else", async () => {
    const connection = await connect();
    const { cluster, service, send } = connection;
    expect((await seen(connection))?.tags ?? []).toEqual([]);
    const asked = new DescribeServicesCommand({ cluster, services: [service], include: ["TAGS"] });
    expect((await send(asked)).services?.[0]?.tags).toEqual([{ key: "team", value: "shop" }]);
  });
  claim("knows a service by its ARN too", async () => {
    const connection = await connect();
    const { cluster, send } = connection;
    const arn = (await seen(connection))?.serviceArn ?? "";
    const { services = [] } = await send(new DescribeServicesCommand({ cluster, services: [arn] }));
    expect(services).toMatchObject([{ serviceArn: arn }]);
    const { service } = await send(new UpdateServiceCommand({ cluster, service: arn, desiredCount: 0 }));
    expect(service).toMatchObject({ serviceArn: arn });
  });
  claim("refuses less than no task", async () => {
    const { send, cluster, service } = await connect();
    const sent = send(new UpdateServiceCommand({ cluster, service, desiredCount: -1 }));
    await expect(sent).rejects.toBeInstanceOf(InvalidParameterException);
  });
  claim("shows a service that was deleted, as one that is not active", async () => {
    const connection = await connect();
    await connection.remove();
    expect(["DRAINING", "INACTIVE"]).toContain((await seen(connection))?.status);
  });
  claim("refuses to change a service that was deleted", async () => {
    const { send, cluster, service, remove } = await connect();
    await remove();
    const sent = send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
    await expect(sent).rejects.toBeInstanceOf(ServiceNotActiveException);
  });
}

function missing({ claim }: Claims, connect: ConnectEcs): void {
  claim("names a service that is not there among the failures", async () => {
    const { send, cluster } = await connect();
    const { services, failures } = await send(new DescribeServicesCommand({ cluster, services: ["gone"] }));
    expect(services).toEqual([]);
    expect(failures).toMatchObject([{ reason: "MISSING" }]);
  });
  claim("refuses a cluster that is not there", async () => {
    const { send, service } = await connect();
    const asked = send(new DescribeServicesCommand({ cluster: "gone", services: [service] }));
    await expect(asked).rejects.toBeInstanceOf(ClusterNotFoundException);
  });
  claim("refuses to deploy what is not there", async () => {
    const { send, cluster } = await connect();
    const asked = send(new UpdateServiceCommand({ cluster, service: "gone", forceNewDeployment: true }));
    await expect(asked).rejects.toBeInstanceOf(ServiceNotFoundException);
  });
  claim("refuses to describe more than ten services, and none", async () => {
    const { send, cluster, service } = await connect();
    for (const services of [Array(11).fill(service), []]) {
      const asked = send(new DescribeServicesCommand({ cluster, services }));
      await expect(asked).rejects.toBeInstanceOf(InvalidParameterException);
    }
  });
}
