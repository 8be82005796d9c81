import { DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import type { Resource } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";
import { tagsOf } from "./source-rds.ts";

const resultsAtOnce = 1_000;
/** What is gone needs no protection any more. */
const gone = ["terminated", "shutting-down"];

/** Instances, and volumes; neither can be restored to any instant. */
export async function* instancesAndVolumes(observers: Observers, place: Place): AsyncGenerator<Resource[]> {
  yield* instances(observers, place);
  yield* volumes(observers, place);
}

async function* instances({ ec2 }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let token: string | undefined;
  do {
    const { Reservations = [], NextToken } = await ec2.send(
      new DescribeInstancesCommand({ MaxResults: resultsAtOnce, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(({ InstanceId, State, Tags }) => {
      if (InstanceId === undefined || gone.includes(State?.Name ?? "")) return [];
      return [resource(place, "EC2", "instance", InstanceId, tagsOf(Tags))];
    });
    token = NextToken || undefined;
  } while (token !== undefined);
}

async function* volumes({ ec2 }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let token: string | undefined;
  do {
    const { Volumes = [], NextToken } = await ec2.send(
      new DescribeVolumesCommand({ MaxResults: resultsAtOnce, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield Volumes.flatMap(({ VolumeId, Tags }) =>
      VolumeId === undefined ? [] : [resource(place, "EBS", "volume", VolumeId, tagsOf(Tags))],
    );
    token = NextToken || undefined;
  } while (token !== undefined);
}

function resource(
  { partition, account, region }: Place,
  type: "EC2" | "EBS",
  kind: string,
  name: string,
  tags: Record<string, string>,
): Resource {
  const arn = `arn:${partition}:ec2:${region}:${account}:${kind}/${name}`;
  return { arn, type, region, account, name, tags, continuous: null, unknown: null };
}
