import { backupContract, type ConnectBackup } from "./backup.contract.ts";
import { connectBackup, connectSimulatedBackup } from "./backup-connections.ts";
import type { Exceptions } from "./claims.ts";
import { type ConnectConfig, configContract } from "./config.contract.ts";
import { connectConfig, connectSimulatedConfig } from "./config-connections.ts";
import { type ConnectTables, tablesContract } from "./dynamodb-tables.contract.ts";
import { connectSimulatedTables, connectTables } from "./dynamodb-tables-connections.ts";
import { type ConnectKms, kmsContract } from "./kms.contract.ts";
import { connectKms, connectSimulatedKms } from "./kms-connections.ts";
import { type ConnectRds, rdsContract } from "./rds.contract.ts";
import { connectRds, connectSimulatedRds } from "./rds-connections.ts";
import { type ConnectS3, s3Contract } from "./s3.contract.ts";
import { connectS3, connectSimulatedS3 } from "./s3-connections.ts";
import { type ConnectVolumes, volumesContract } from "./volumes.contract.ts";
import { connectSimulatedVolumes, connectVolumes } from "./volumes-connections.ts";

// The contracts of all that backups are asked of, together: every implementation is held to them.

export interface BackupsConnections {
  backup: ConnectBackup;
  rds: ConnectRds;
  tables: ConnectTables;
  s3: ConnectS3;
  volumes: ConnectVolumes;
  kms: ConnectKms;
  config: ConnectConfig;
}

export const simulatedBackups: BackupsConnections = {
  ...{ backup: connectSimulatedBackup, rds: connectSimulatedRds, tables: connectSimulatedTables },
  ...{ s3: connectSimulatedS3, volumes: connectSimulatedVolumes, kms: connectSimulatedKms },
  config: connectSimulatedConfig,
};

export function backupsAt(endpoint: () => Promise<string>, account: string): BackupsConnections {
  return {
    ...{ backup: connectBackup(endpoint, account), rds: connectRds(endpoint), tables: connectTables(endpoint) },
    ...{ s3: connectS3(endpoint), volumes: connectVolumes(endpoint), kms: connectKms(endpoint) },
    config: connectConfig(endpoint),
  };
}

export function backupsContracts(
  name: string,
  connections: BackupsConnections,
  exceptions: Partial<Record<keyof BackupsConnections, Exceptions>> = {},
): void {
  backupContract(name, connections.backup, exceptions.backup);
  rdsContract(name, connections.rds, exceptions.rds);
  tablesContract(name, connections.tables, exceptions.tables);
  s3Contract(name, connections.s3, exceptions.s3);
  volumesContract(name, connections.volumes, exceptions.volumes);
  kmsContract(name, connections.kms, exceptions.kms);
  configContract(name, connections.config, exceptions.config);
}
