import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Tag,
} from "@aws-sdk/client-rds";
import type { Continuous, Resource } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";

const recordsAtOnce = 100;

/** Instances that stand alone, and clusters. Neptune's and DocumentDB's are among these, as the API of RDS shows them. */
export async function* databases(observers: Observers, place: Place): AsyncGenerator<Resource[]> {
  yield* instances(observers, place);
  yield* clusters(observers, place);
}

async function* instances({ rds }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let marker: string | undefined;
  do {
    const { DBInstances = [], Marker } = await rds.send(
      new DescribeDBInstancesCommand({
        MaxRecords: recordsAtOnce,
        ...(marker === undefined ? {} : { Marker: marker }),
      }),
    );
    yield DBInstances.flatMap((instance) => (instance.DBClusterIdentifier ? [] : instanceOf(instance, place)));
    marker = Marker;
  } while (marker !== undefined);
}

async function* clusters({ rds }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let marker: string | undefined;
  do {
    const { DBClusters = [], Marker } = await rds.send(
      new DescribeDBClustersCommand({ MaxRecords: recordsAtOnce, ...(marker === undefined ? {} : { Marker: marker }) }),
    );
    yield DBClusters.flatMap((cluster) => clusterOf(cluster, place));
    marker = Marker;
  } while (marker !== undefined);
}

function instanceOf(instance: DBInstance, { account, region }: Place): Resource[] {
  const { DBInstanceArn: arn, DBInstanceIdentifier: name = "", TagList } = instance;
  if (arn === undefined) return [];
  return [
    {
      arn,
      type: "RDS",
      region,
      account,
      name,
      tags: tagsOf(TagList),
      continuous: continuousOf(instance),
      unknown: null,
    },
  ];
}

function clusterOf(cluster: DBCluster, { account, region }: Place): Resource[] {
  const { DBClusterArn: arn, DBClusterIdentifier: name = "", TagList } = cluster;
  if (arn === undefined) return [];
  return [
    {
      arn,
      type: "Aurora",
      region,
      account,
      name,
      tags: tagsOf(TagList),
      continuous: continuousOf(cluster),
      unknown: null,
    },
  ];
}

/** Without a retention there are no automated backups, and nothing to restore to an instant from. */
function continuousOf({
  BackupRetentionPeriod,
  LatestRestorableTime,
}: Pick<DBInstance & DBCluster, "BackupRetentionPeriod" | "LatestRestorableTime">): Continuous | null {
  if (!BackupRetentionPeriod || LatestRestorableTime === undefined) return null;
  return { mechanism: "automated backups", latestAt: LatestRestorableTime.getTime(), lagSeconds: null };
}

export function tagsOf(list: readonly Pick<Tag, "Key" | "Value">[] = []): Record<string, string> {
  return Object.fromEntries(list.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));
}
