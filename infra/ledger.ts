import { CfnElement, Stack } from "aws-cdk-lib";
import { AttributeType, ProjectionType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { type IRole, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { NagSuppressions } from "cdk-nag";
import { Construct } from "constructs";
import { Broken } from "../shared/failures.ts";
import { keptTable } from "./kept-table.ts";

/** The incidents, their timelines and what must still be sent: kept when the stack goes, restorable to any second. */
export class Ledger extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", { ...keptTable, stream: StreamViewType.NEW_IMAGE });
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
    // Not every function touches the table itself, and a statement without an action is refused.
    if (named.length > 0) {
      role.addToPrincipalPolicy(new PolicyStatement({ actions: named, resources: [this.table.tableArn] }));
    }
    if (!readsQueue) return;
    const queue = `${this.table.tableArn}/index/${queueIndex}`;
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ["dynamodb:Query"], resources: [queue] }));
  }

  /** Where the table tells of its changes. */
  get streamArn(): string {
    const arn = this.table.tableStreamArn;
    if (arn === undefined) throw new Broken("the ledger has no stream");
    return arn;
  }

  /**
   * Lets a function be woken by the changes: of this table and no other.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-read-stream-only.html
   */
  grantStream(role: Role): void {
    const reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
    role.addToPolicy(new PolicyStatement({ actions: reading, resources: [this.streamArn] }));
    const streams = `${this.table.tableArn}/stream/*`;
    role.addToPolicy(new PolicyStatement({ actions: ["dynamodb:ListStreams"], resources: [streams] }));
    const id = Stack.of(this).getLogicalId(nodeOf(this.table));
    NagSuppressions.addResourceSuppressions(
      role,
      [
        {
          id: "AwsSolutions-IAM5",
          reason: "Who lists a table's streams does not know their names yet; no other table's are listed.",
          appliesTo: [`Resource::<${id}.Arn>/stream/*`],
        },
      ],
      true,
    );
  }
}

function nodeOf(table: Table): CfnElement {
  const node = table.node.defaultChild;
  if (!CfnElement.isCfnElement(node)) throw new Broken("a table of the library's is no resource");
  return node;
}

export type LedgerAction = "BatchGetItem" | "ConditionCheckItem" | "GetItem" | "PutItem" | "UpdateItem";

const queueIndex = "queue";
