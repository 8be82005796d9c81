// A Service Quotas that lives in memory: what the quotas of an account are, as the world says.

import {
  GetServiceQuotaCommand,
  type GetServiceQuotaCommandInput,
  type GetServiceQuotaCommandOutput,
  IllegalArgumentException,
  InvalidPaginationTokenException,
  ListServiceQuotasCommand,
  type ListServiceQuotasCommandInput,
  type ListServiceQuotasCommandOutput,
  NoSuchResourceException,
  type ServiceQuota,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { commandName, refuseParameters } from "../commands.ts";
import { isPageSize, pageOf } from "./pages.ts";

interface Quota {
  serviceCode: string;
  quotaCode: string;
  value: number;
  /** For people. */
  name: string;
}

export interface SimulatedServiceQuotas {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ServiceQuotasClient["send"];
  /** By the code of the service and its own, as in `monitoring` and `L-5E141212`. */
  put(serviceCode: string, quotaCode: string, value: number, name?: string): void;
  remove(serviceCode: string, quotaCode: string): void;
}

type Quotas = ReadonlyMap<string, Quota>;

export function createServiceQuotas(): SimulatedServiceQuotas {
  const quotas = new Map<string, Quota>();
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof GetServiceQuotaCommand) return getServiceQuota(quotas, command.input);
      if (command instanceof ListServiceQuotasCommand) return listServiceQuotas(quotas, command.input);
      throw new Error(`the simulated Service Quotas does not implement ${commandName(command)}`);
    }) as ServiceQuotasClient["send"],
    put: (serviceCode, quotaCode, value, name = quotaCode) =>
      void quotas.set(`${serviceCode}/${quotaCode}`, { serviceCode, quotaCode, value, name }),
    remove: (serviceCode, quotaCode) => void quotas.delete(`${serviceCode}/${quotaCode}`),
  };
}

function getServiceQuota(quotas: Quotas, input: GetServiceQuotaCommandInput): GetServiceQuotaCommandOutput {
  refuseParameters("Service Quotas", "GetServiceQuotaCommand", input, ["ServiceCode", "QuotaCode"]);
  const { ServiceCode, QuotaCode } = input;
  const found = quotas.get(`${ServiceCode}/${QuotaCode}`);
  if (found === undefined) throw noSuchResource();
  return { $metadata: { httpStatusCode: 200 }, Quota: outputOf(found) };
}

// Source of the bound: API reference, ListServiceQuotas.
const maximumResults = 100;

function listServiceQuotas(quotas: Quotas, input: ListServiceQuotasCommandInput): ListServiceQuotasCommandOutput {
  refuseParameters("Service Quotas", "ListServiceQuotasCommand", input, ["ServiceCode", "MaxResults", "NextToken"]);
  const { ServiceCode, MaxResults = maximumResults, NextToken } = input;
  if (!isPageSize(MaxResults, maximumResults)) {
    const message = `MaxResults must be between 1 and ${maximumResults}`;
    throw new IllegalArgumentException({ message, ...refused });
  }
  const found = [...quotas.values()].filter(({ serviceCode }) => serviceCode === ServiceCode);
  if (found.length === 0) throw noSuchResource();
  const page = pageOf(found, ({ quotaCode }) => quotaCode, { size: MaxResults, token: NextToken });
  if (page === undefined) {
    throw new InvalidPaginationTokenException({ message: "The pagination token is not valid.", ...refused });
  }
  const { items, next } = page;
  const rest = next === undefined ? {} : { NextToken: next };
  return { $metadata: { httpStatusCode: 200 }, Quotas: items.map(outputOf), ...rest };
}

function outputOf({ serviceCode, quotaCode, value, name }: Quota): ServiceQuota {
  return { ServiceCode: serviceCode, QuotaCode: quotaCode, QuotaName: name, Value: value };
}

function noSuchResource(): NoSuchResourceException {
  const message = "The request failed because the specified service or quota does not exist.";
  return new NoSuchResourceException({ message, ...refused });
}

const refused = { $metadata: { httpStatusCode: 400 } };
