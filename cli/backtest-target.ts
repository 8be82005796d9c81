import { Refused, Unavailable } from "../shared/failures.ts";
import { day, type Instant, minute, second } from "../shared/instant.ts";
import type { BacktestSetting } from "../shared/scaling/backtest.ts";
import { floorOf, freezeOf } from "../shared/scaling/calendar.ts";
import type { Grid } from "../shared/scaling/grid.ts";
import { type Query, type Read, readMetrics, valueIn } from "../shared/scaling/metrics.ts";
import { ruleOf, type Source, type Target } from "../shared/scaling/policy.ts";
import { printable, quoted } from "../shared/text.ts";
import { readBounds, refuseOverwriting } from "./backtest-options.ts";
import { type ReadMetric, type ReadRecording, readCapacity, tooWide } from "./backtest-recording.ts";
import type { Arguments } from "./command.ts";
import { type ScalingCloud, targetNamed } from "./scaling.ts";

export interface Span {
  name: string;
  days: number;
}

/**
 * What CloudWatch keeps of a target's metrics. Throws `Refused` for a target that there is not, or of which nothing is kept, and
 * `Unavailable` when CloudWatch does not say all.
 */
export async function readTarget(
  { texts }: Arguments,
  cloud: Pick<ScalingCloud, "observers" | "configuration" | "now">,
  { name, days }: Span,
): Promise<ReadRecording> {
  const { configuration, observers, now } = cloud;
  const { scaling } = configuration;
  const target = await targetNamed(cloud, name);
  refuseOverwriting(texts.svg, [texts.capacity ?? ""], texts);
  const isOpenLoop = texts.capacity === undefined;
  const bounds = readBounds(texts, { minimum: target.policy.minimum, maximum: target.policy.maximum, isOpenLoop });
  const queries = target.sources.map((source) => queryOf(source, target, { days, now: now() }));
  const reads = await readMetrics(observers.cloudwatch, queries, { calls: 0, metrics: 0, points: 0 });
  const warnings: string[] = [];
  const metrics = queries.map((query, index): ReadMetric => {
    const { metric, periodSeconds } = query.source;
    const live = ruleIn(target, metric);
    const rule = ruleOf(
      metric,
      { periodSeconds, settleSeconds: live?.settleSeconds, absence: live?.absence ?? "unknown" },
      scaling,
    );
    const grid = gridOf(query, reads[index]);
    warnings.push(...coarser(target, query.source, days), ...tooWide(rule, grid.stepMinutes));
    return { rule, grid, truth: grid.values, source: sourceWords(query.source), duplicates: 0 };
  });
  refuseNothing(name, days, metrics);
  warnings.push(...sourceless(target));
  const { capacity, initial, warnings: more } = await readCapacity(texts.capacity, metrics, bounds);
  const setting: BacktestSetting = {
    policy: {
      ...target.policy,
      // As live: of a metric that has no source nothing is known, and without it less would be enough for a scale-in.
      rules: target.policy.rules.map((own) => metrics.find(({ rule }) => rule.metric === own.metric)?.rule ?? own),
      minimum: bounds.minimum,
      maximum: bounds.maximum,
    },
    initial,
    calendar: (at) => ({ floor: floorOf(name, at, configuration), freeze: freezeOf(name, at, configuration) }),
  };
  return { metrics, capacity, setting, warnings: [...warnings, ...more] };
}

function ruleIn({ policy }: Target, metric: string) {
  return policy.rules.find((rule) => rule.metric === metric);
}

function sourceless({ policy, sources }: Target): string[] {
  const without = policy.rules.filter(({ metric }) => sources.every((source) => source.metric !== metric));
  return without.map(({ metric }) => `${metric}: nobody has stated its source: its rule is unknown throughout`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html: how long points of each width are kept. */
const kept = [
  { days: 15, widthSeconds: 60 },
  { days: 63, widthSeconds: 300 },
  { days: 455, widthSeconds: 3_600 },
];

/** What is asked for beyond this edge may be gone before the answer is made. */
const edge = 10 * minute;

function queryOf(source: Source, target: Target, { days, now }: { days: number; now: Instant }): Query {
  const periodSeconds = widthFor(source.periodSeconds, days);
  const width = periodSeconds * second;
  const settle = (ruleIn(target, source.metric)?.settleSeconds ?? 0) * second;
  const until = Math.floor((now - settle) / width) * width;
  const from = Math.ceil((now - days * day + edge) / width) * width;
  return { source: { ...source, periodSeconds }, from, until: Math.max(until, from) };
}

/** The least multiple of a metric's own width that is kept for so long. */
function widthFor(periodSeconds: number, days: number): number {
  const least = kept.find((each) => days <= each.days)?.widthSeconds ?? 3_600;
  let width = periodSeconds;
  while (width % least !== 0) width += periodSeconds;
  return width;
}

function coarser(target: Target, { metric, periodSeconds }: Source, days: number): string[] {
  const own = ruleIn(target, metric)?.periodSeconds ?? periodSeconds;
  if (periodSeconds === own) return [];
  const words = "CloudWatch keeps one-minute points for 15 days and five-minute points for 63";
  const read = `all ${days} days are read at ${periodSeconds / 60} minutes instead of ${own / 60}`;
  return [`${metric}: mixed resolution: ${words}; ${read}; --days 15 reads the last ones as they are`];
}

function gridOf({ source, from, until }: Query, read: Read | undefined): Grid {
  const failure = read === undefined ? "no answer" : read.failure;
  if (read === undefined || failure !== null) throw new Unavailable(`${source.metric}: ${failure}; try again`);
  const width = source.periodSeconds * second;
  const length = Math.round((until - from) / width);
  const all = Array.from({ length }, (_, period) => valueIn(read, period));
  const isEmpty = all.every((value) => value === null);
  // A target that is younger than the days asked for has no gaps before its time; one without any point has nothing else.
  const first = Math.max(
    0,
    all.findIndex((value) => value !== null),
  );
  const values = isEmpty ? all : all.slice(first, all.findLastIndex((value) => value !== null) + 1);
  const stepMinutes = source.periodSeconds / 60;
  const points = values.filter((value) => value !== null).length;
  const begins = isEmpty ? from : from + first * width;
  return { stepMinutes, from: begins, values, points, gaps: values.length - points, mixed: null, moved: null };
}

function refuseNothing(name: string, days: number, metrics: readonly ReadMetric[]): void {
  if (metrics.some(({ grid }) => grid.points > 0)) return;
  const asked = metrics.map(({ source }) => source).join(", ");
  throw new Refused(
    `CloudWatch has no point of ${quoted(name)} in the last ${days} days (${asked || "it has no metrics"})`,
  );
}

function sourceWords({ namespace, name, statistic }: Source): string {
  return printable(`${namespace} ${name} ${statistic}`, 80);
}
