import {
  DescribeConfigurationRecorderStatusCommand,
  SelectResourceConfigCommand,
} from "@aws-sdk/client-config-service";
import { Unavailable } from "../../shared/failures.ts";
import { type Known, knownArns } from "./arns.ts";
import type { Observers } from "./observers.ts";

const types = [
  ...["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::EC2::Volume"],
  ...["AWS::EC2::Instance", "AWS::EFS::FileSystem"],
];

/** What AWS Config has recorded. Throws `Unavailable` where it does not record: then its silence says nothing. */
export async function* configArns({ config }: Observers): AsyncGenerator<Known[]> {
  const { ConfigurationRecordersStatus = [] } = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
  if (!ConfigurationRecordersStatus.some(({ recording }) => recording)) throw new Unavailable("it does not record");
  const Expression = `SELECT arn WHERE resourceType IN (${types.map((type) => `'${type}'`).join(", ")})`;
  let token: string | undefined;
  do {
    const { Results = [], NextToken } = await config.send(
      new SelectResourceConfigCommand({ Expression, Limit: 100, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    yield knownArns(Results.map(arnIn));
    token = NextToken;
  } while (token !== undefined);
}

/** Each result is a document of its own, of which one field was asked for. */
function arnIn(result: string): string | undefined {
  const parsed: unknown = JSON.parse(result);
  const arn: unknown = Object(parsed).arn;
  return typeof arn === "string" ? arn : undefined;
}
