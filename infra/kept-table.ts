import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, TableEncryption, type TableProps } from "aws-cdk-lib/aws-dynamodb";

/** What our own tables have in common: kept when the stack goes, restorable to any second, and what expires is forgotten. */
export const keptTable: TableProps = {
  partitionKey: { name: "pk", type: AttributeType.STRING },
  sortKey: { name: "sk", type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
  timeToLiveAttribute: "expiresAt",
};
