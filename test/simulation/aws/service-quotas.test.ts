import { GetServiceQuotaCommand, ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { expect, test } from "vitest";
import { createServiceQuotas } from "../../../simulation/aws/service-quotas.ts";

const of = { ServiceCode: "monitoring" };

test("a service's quotas are listed page by page, each with its name", async () => {
  const quotas = createServiceQuotas();
  quotas.put("monitoring", "L-1", 50, "Rate of GetMetricData requests");
  quotas.put("monitoring", "L-2", 180_000);
  quotas.put("ecs", "L-3", 1);
  const first = await quotas.send(new ListServiceQuotasCommand({ ...of, MaxResults: 1 }));
  expect(first.Quotas).toEqual([{ ...of, QuotaCode: "L-1", QuotaName: "Rate of GetMetricData requests", Value: 50 }]);
  const rest = await quotas.send(new ListServiceQuotasCommand({ ...of, NextToken: first.NextToken }));
  expect(rest.Quotas?.map(({ QuotaCode }) => QuotaCode)).toEqual(["L-2"]);
  expect(rest.NextToken).toBeUndefined();
});

test("what is not there, and a token that nobody gave out, are refused", async () => {
  const quotas = createServiceQuotas();
  const listed = () => quotas.send(new ListServiceQuotasCommand({ ...of, NextToken: "x" }));
  await expect(listed()).rejects.toMatchObject({ name: "NoSuchResourceException" });
  quotas.put("monitoring", "L-1", 50);
  await expect(listed()).rejects.toMatchObject({ name: "InvalidPaginationTokenException" });
  const one = quotas.send(new GetServiceQuotaCommand({ ...of, QuotaCode: "L-2" }));
  await expect(one).rejects.toMatchObject({ name: "NoSuchResourceException" });
});
