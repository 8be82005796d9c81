import { DescribeFileSystemsCommand as DescribeElasticFileSystemsCommand } from "@aws-sdk/client-efs";
import { DescribeFileSystemsCommand } from "@aws-sdk/client-fsx";
import type { Resource } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";
import { tagsOf } from "./source-rds.ts";

/** File systems of EFS and of FSx; neither can be restored to any instant. */
export async function* fileSystems(observers: Observers, place: Place): AsyncGenerator<Resource[]> {
  yield* elastic(observers, place);
  yield* managed(observers, place);
}

async function* elastic({ efs }: Observers, { account, region }: Place): AsyncGenerator<Resource[]> {
  const shared = { region, account, continuous: null, unknown: null };
  let token: string | undefined;
  do {
    const { FileSystems = [], NextMarker } = await efs.send(
      new DescribeElasticFileSystemsCommand({ MaxItems: 100, ...(token === undefined ? {} : { Marker: token }) }),
    );
    yield FileSystems.flatMap(({ FileSystemArn: arn, FileSystemId: name = "", Tags }): Resource[] =>
      arn === undefined ? [] : [{ ...shared, arn, type: "EFS", name, tags: tagsOf(Tags) }],
    );
    token = NextMarker;
  } while (token !== undefined);
}

async function* managed({ fsx }: Observers, { account, region }: Place): AsyncGenerator<Resource[]> {
  const shared = { region, account, continuous: null, unknown: null };
  let token: string | undefined;
  do {
    const { FileSystems = [], NextToken } = await fsx.send(
      new DescribeFileSystemsCommand({ MaxResults: 100, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield FileSystems.flatMap(({ ResourceARN: arn, FileSystemId: name = "", Tags }): Resource[] =>
      arn === undefined ? [] : [{ ...shared, arn, type: "FSx", name, tags: tagsOf(Tags) }],
    );
    token = NextToken;
  } while (token !== undefined);
}
