import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  ScanBy,
} from "@aws-sdk/client-cloudwatch";
import { type Instant, minute } from "../../../shared/instant.ts";
import { createCloudWatch } from "../../../simulation/aws/cloudwatch.ts";
import { account, region } from "./alarms.ts";

export const start = Date.UTC(2027, 0, 15, 12);
export const cpu = { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions: { ServiceName: "checkout" } };

export type Question = Partial<GetMetricDataCommandInput>;

export function createScene() {
  const clock = { at: start };
  const cloudwatch = createCloudWatch({ account, region, now: () => clock.at });
  /** The last ten minutes, the oldest first. */
  const ask = (question: Question = {}): Promise<GetMetricDataCommandOutput> => {
    const span = { StartTime: new Date(start - 10 * minute), EndTime: new Date(start) };
    const usual = { MetricDataQueries: [query("m0")], ScanBy: ScanBy.TIMESTAMP_ASCENDING, ...span };
    return cloudwatch.send(new GetMetricDataCommand({ ...usual, ...question }));
  };
  return {
    ...{ clock, cloudwatch, ask },
    put(at: Instant, value: number, availableAt?: Instant): void {
      cloudwatch.metrics.put({ ...cpu, at, value, ...(availableAt === undefined ? {} : { availableAt }) });
    },
    /** Of the first query: how many minutes after the start, and what. */
    async seen(question: Question = {}): Promise<number[][]> {
      const { MetricDataResults: [result] = [] } = await ask(question);
      const { Timestamps = [], Values = [] } = result ?? {};
      return Timestamps.map((stamp, index) => [(stamp.getTime() - start) / minute, Values[index] ?? Number.NaN]);
    },
  };
}

export function query(Id: string, Period = 60, Stat = "Average", service = "checkout"): MetricDataQuery {
  const Dimensions = [{ Name: "ServiceName", Value: service }];
  const Metric = { Namespace: cpu.namespace, MetricName: cpu.metric, Dimensions };
  return { Id, MetricStat: { Metric, Period, Stat } };
}
