import { GetResourcesCommand, type GetResourcesCommandInput } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import { createTagging } from "../../../simulation/aws/tagging.ts";

// What no server can judge: resources of services that none of them knows.

const arnOf = (rest: string) => `arn:aws:${rest.replace("/", ":eu-west-1:111122223333:")}`;
const [checkout, basket, web] = ["ecs/service/shop/checkout", "ecs/service/shop/basket", "ec2/instance/i-1"].map(arnOf);

function scene() {
  const tagging = createTagging();
  tagging.put(checkout ?? "", { team: "payments", scaling: "" });
  tagging.put(basket ?? "", { team: "shop" });
  tagging.put(web ?? "", { team: "payments" });
  const ask = async (input: GetResourcesCommandInput) => {
    const { ResourceTagMappingList = [], PaginationToken } = await tagging.send(new GetResourcesCommand(input));
    return { arns: ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN), PaginationToken };
  };
  return { tagging, ask };
}

test.each<[GetResourcesCommandInput, unknown[]]>([
  [{}, [web, basket, checkout]],
  [{ ResourceTypeFilters: ["ecs"] }, [basket, checkout]],
  [{ ResourceTypeFilters: ["ecs:service", "ec2:instance"] }, [web, basket, checkout]],
  [{ ResourceTypeFilters: ["ecs:cluster", "ec2:serv"] }, []],
  [{ TagFilters: [{ Key: "team", Values: ["shop", "payments"] }] }, [web, basket, checkout]],
  [{ TagFilters: [{ Key: "team", Values: ["payments"] }, { Key: "scaling" }] }, [checkout]],
  [{ TagFilters: [{ Key: "scaling", Values: ["on"] }] }, []],
])("%j", async (input, arns) => {
  expect(await scene().ask(input)).toEqual({ arns, PaginationToken: "" });
});

test("the last page has an empty token, which asks for the first", async () => {
  const { ask } = scene();
  const first = await ask({ ResourcesPerPage: 2 });
  expect(first.arns).toEqual([web, basket]);
  const last = await ask({ ResourcesPerPage: 2, PaginationToken: first.PaginationToken });
  expect(last).toEqual({ arns: [checkout], PaginationToken: "" });
  expect(await ask({ ResourcesPerPage: 2, PaginationToken: "" })).toEqual(first);
});

test("a resource that is gone is not told of", async () => {
  const { tagging, ask } = scene();
  tagging.remove(basket ?? "");
  expect((await ask({})).arns).toEqual([web, checkout]);
});

test("what else could be asked for is not simulated, and is named", async () => {
  const asked = scene().ask({ IncludeComplianceDetails: true });
  await expect(asked).rejects.toThrow("does not implement IncludeComplianceDetails of GetResourcesCommand");
});
