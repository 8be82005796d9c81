// A Service Quotas that lives in memory: what the quotas of an account are, as the world says.

import {
  GetServiceQuotaCommand,
  type GetServiceQuotaCommandInput,
  type GetServiceQuotaCommandOutput,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { commandName, refuseParameters } from "../commands.ts";

export interface SimulatedServiceQuotas {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ServiceQuotasClient["send"];
  /** By the code of the service and its own, as in `monitoring` and `L-5E141212`. */
  put(serviceCode: string, quotaCode: string, value: number): void;
  remove(serviceCode: string, quotaCode: string): void;
}

export function createServiceQuotas(): SimulatedServiceQuotas {
  const quotas = new Map<string, number>();
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof GetServiceQuotaCommand) return getServiceQuota(quotas, command.input);
      throw new Error(`the simulated Service Quotas does not implement ${commandName(command)}`);
    }) as ServiceQuotasClient["send"],
    put: (serviceCode, quotaCode, value) => void quotas.set(`${serviceCode}/${quotaCode}`, value),
    remove: (serviceCode, quotaCode) => void quotas.delete(`${serviceCode}/${quotaCode}`),
  };
}

function getServiceQuota(
  quotas: ReadonlyMap<string, number>,
  input: GetServiceQuotaCommandInput,
): GetServiceQuotaCommandOutput {
  refuseParameters("Service Quotas", "GetServiceQuotaCommand", input, ["ServiceCode", "QuotaCode"]);
  const { ServiceCode, QuotaCode } = input;
  const Value = quotas.get(`${ServiceCode}/${QuotaCode}`);
  if (Value !== undefined) return { $metadata: { httpStatusCode: 200 }, Quota: { ServiceCode, QuotaCode, Value } };
  throw new NoSuchResourceException({
    message: "The request failed because the specified service or quota does not exist.",
    $metadata: { httpStatusCode: 400 },
  });
}
