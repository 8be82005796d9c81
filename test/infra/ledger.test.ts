import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { expect, test } from "vitest";
import { Ledger } from "../../infra/ledger.ts";
import { resources } from "./synthesis.ts";

test("a function may read the ledger's queue and nothing else of it", () => {
  const stack = new Stack(new App(), "Stack");
  const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  new Ledger(stack, "Ledger").grant(role, [], { readsQueue: true });
  const [[, policy] = ["", undefined]] = resources(Template.fromStack(stack), "AWS::IAM::Policy");
  expect(policy?.Properties.PolicyDocument).toMatchObject({ Statement: [{ Action: "dynamodb:Query" }] });
});
