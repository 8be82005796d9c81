import { SearchCommand } from "@aws-sdk/client-resource-explorer-2";
import { Unavailable } from "../../shared/failures.ts";
import { type Known, knownArns } from "./arns.ts";
import type { Observers, Place } from "./observers.ts";

const services = ["rds", "dynamodb", "s3", "ec2", "elasticfilesystem", "fsx"];

/** What Resource Explorer has indexed of the region. Throws `Unavailable` where it says itself that there is more. */
export async function* explorerArns({ explorer }: Observers, { region }: Place): AsyncGenerator<Known[]> {
  for (const service of services) {
    let token: string | undefined;
    do {
      const {
        Resources = [],
        NextToken,
        Count,
      } = await explorer.send(
        new SearchCommand({
          QueryString: `region:${region} service:${service}`,
          MaxResults: 1_000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      yield knownArns(Resources.map(({ Arn }) => Arn));
      if (Count?.Complete === false && NextToken === undefined)
        throw new Unavailable(`it does not tell all of ${service}`);
      token = NextToken;
    } while (token !== undefined);
  }
}
