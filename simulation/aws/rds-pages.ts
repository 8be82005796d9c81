import { RDSServiceException } from "@aws-sdk/client-rds";
import type { Instant } from "../../shared/instant.ts";
import type { Listing } from "./listing.ts";
import type {
  AutomatedBackupRecord,
  ClusterRecord,
  ClusterSnapshotRecord,
  InstanceRecord,
  InstanceSnapshotRecord,
} from "./rds-records.ts";
import type { Seam } from "./seam.ts";
import { refused } from "./wire.ts";

/** A simulated RDS, as its commands see it. */
export interface Contents {
  now: () => Instant;
  seam: Seam;
  instances: Listing<InstanceRecord>;
  clusters: Listing<ClusterRecord>;
  snapshots: Listing<InstanceSnapshotRecord>;
  clusterSnapshots: Listing<ClusterSnapshotRecord>;
  automatedBackups: Listing<AutomatedBackupRecord>;
}

// Source: API reference, `MaxRecords` of each of them.
const leastRecords = 20;
const mostRecords = 100;

export function pageOf<Item>(
  { seam }: Contents,
  command: string,
  listing: Listing<Item>,
  input: { MaxRecords?: number | undefined; Marker?: string | undefined },
  fits: (item: Item) => boolean,
): { items: Item[]; rest: { Marker?: string } } {
  const { MaxRecords: asked = mostRecords, Marker: token } = input;
  if (!Number.isInteger(asked) || asked < leastRecords || asked > mostRecords) {
    throw invalid(`Invalid value ${asked} for MaxRecords. Must be between ${leastRecords} and ${mostRecords}`);
  }
  const page = listing.page({ size: seam.pageSize(command, asked), token, fits });
  if (page === undefined) throw invalid("The request included an invalid marker.");
  return { items: page.items, rest: page.next === undefined ? {} : { Marker: page.next } };
}

/** The client has no class for it: callers look at the name. */
function invalid(message: string): RDSServiceException {
  return new RDSServiceException({ name: "InvalidParameterValue", message, $fault: "client", ...refused });
}
