import { NagSuppressions } from "cdk-nag";
import type { IConstruct } from "constructs";

/** Records why a wildcard is right, for this resource and no other. */
export function accept(owner: IConstruct, resource: string, reason: string): void {
  const shown = resource.replace(/\$\{Token\[AWS\.(\w+)\.\d+\]\}/g, "<AWS::$1>");
  NagSuppressions.addResourceSuppressions(
    owner,
    [{ id: "AwsSolutions-IAM5", reason, appliesTo: [`Resource::${shown}`] }],
    true,
  );
}
