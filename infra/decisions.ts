import { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { keptTable } from "./kept-table.ts";

/**
 * What was decided about each target, and what is remembered of it. A table of its own: thousands may be written in a minute, and no
 * incident shall wait for them. Kept when the stack goes, for whoever asks why something was scaled.
 */
export class Decisions extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", keptTable);
  }

  /** Reads what is remembered of many targets, and writes decisions beside it: a transaction of puts needs no action but theirs. */
  grantDeciding(role: Role): void {
    const actions = ["dynamodb:BatchGetItem", "dynamodb:PutItem"];
    role.addToPolicy(new PolicyStatement({ actions, resources: [this.table.tableArn] }));
  }
}
