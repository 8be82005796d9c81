import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { createRds } from "../../simulation/aws/rds.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectRds, RdsConnection } from "./rds.contract.ts";

const newId = () => `contract-${crypto.randomUUID()}`;

export async function connectSimulatedRds(): Promise<RdsConnection> {
  const rds = createRds({ now: Date.now, account: "111122223333", region: "us-east-1" });
  return {
    send: rds.send,
    async makeInstance(retentionDays) {
      const instance = rds.putInstance(newId(), { retentionDays, tags: { team: "shop" } });
      if (retentionDays > 0) rds.putAutomatedBackup(instance);
      return instance.id;
    },
    makeCluster: async () => rds.putCluster(newId()).id,
    makeSnapshot: async (instance) => rds.putSnapshot(newId(), instance).id,
    makeClusterSnapshot: async (cluster) => rds.putClusterSnapshot(newId(), cluster).id,
  };
}

export function connectRds(endpoint: () => Promise<string>): ConnectRds {
  return async () => {
    const client = new RDSClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    const secret = { MasterUsername: "shop", MasterUserPassword: crypto.randomUUID() };
    return {
      send: client.send.bind(client),
      async makeInstance(BackupRetentionPeriod) {
        const DBInstanceIdentifier = newId();
        const size = { Engine: "postgres", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20 };
        const Tags = [{ Key: "team", Value: "shop" }];
        await client.send(
          new CreateDBInstanceCommand({ DBInstanceIdentifier, BackupRetentionPeriod, Tags, ...size, ...secret }),
        );
        return DBInstanceIdentifier;
      },
      async makeCluster() {
        const DBClusterIdentifier = newId();
        await client.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine: "aurora-postgresql", ...secret }));
        return DBClusterIdentifier;
      },
      async makeSnapshot(DBInstanceIdentifier) {
        const DBSnapshotIdentifier = newId();
        await client.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier, DBInstanceIdentifier }));
        return DBSnapshotIdentifier;
      },
      async makeClusterSnapshot(DBClusterIdentifier) {
        const DBClusterSnapshotIdentifier = newId();
        await client.send(new CreateDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier, DBClusterIdentifier }));
        return DBClusterSnapshotIdentifier;
      },
    };
  };
}
