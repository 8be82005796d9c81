import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

/** The incidents, their timelines and what must still be sent: kept when the stack goes, restorable to any second. */
export class Ledger extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: "expiresAt",
      stream: StreamViewType.NEW_IMAGE,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: queueIndex,
      partitionKey: { name: "queue", type: AttributeType.STRING },
      sortKey: { name: "order", type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  /** What one function does with the ledger, and no more; nobody scans or deletes. Transactions need no action of their own. */
  grant(role: IRole, actions: readonly LedgerAction[], { readsQueue }: { readsQueue: boolean }): void {
    const named = actions.map((action) => `dynamodb:${action}`);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: named, resources: [this.table.tableArn] }));
    if (!readsQueue) return;
    const queue = `${this.table.tableArn}/index/${queueIndex}`;
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ["dynamodb:Query"], resources: [queue] }));
  }
}

export type LedgerAction = "BatchGetItem" | "ConditionCheckItem" | "GetItem" | "PutItem" | "UpdateItem";

const queueIndex = "queue";
