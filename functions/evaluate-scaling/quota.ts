import { ListServiceQuotasCommand, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { reasonOf } from "../../shared/failures.ts";
import type { Log } from "../../shared/log.ts";

/** What the user guide states, for where nobody can be asked. */
export const documentedPointsPerSecond = 180_000;

/**
 * How many datapoints a second CloudWatch gives this account for what is not older than three hours. The quota is found by its name:
 * its code differs. Where it cannot be read, the documented default is taken, and that is said.
 */
export async function pointsPerSecond(quotas: Pick<ServiceQuotasClient, "send">, log: Log): Promise<number> {
  try {
    let token: string | undefined;
    do {
      const { Quotas = [], NextToken } = await quotas.send(
        new ListServiceQuotasCommand({
          ServiceCode: "monitoring",
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      const found = Quotas.find(({ QuotaName = "" }) => datapoints.test(QuotaName));
      if (found?.Value !== undefined && found.Value > 0) return found.Value;
      token = NextToken;
    } while (token !== undefined);
    log.warn("no quota of datapoints found", { assumed: documentedPointsPerSecond });
  } catch (error) {
    log.warn("quota not read", { assumed: documentedPointsPerSecond, reason: reasonOf(error) });
  }
  return documentedPointsPerSecond;
}

const datapoints = /GetMetricData.*(datapoints|metrics).*(3|three) hours/i;
