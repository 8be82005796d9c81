export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type MissingDataTreatment = "missing" | "ignore" | "breaching" | "notBreaching";

export interface Alarm {
  /** N: so many points are evaluated. */
  evaluationPeriods: number;
  /** M: so many of them must breach. */
  datapointsToAlarm: number;
  treatMissingData: MissingDataTreatment;
}

/** What one period says: whether it breaches the threshold, and null where nothing was measured. */
export type Breach = boolean | null;

/**
 * AWS does not publish how far back an alarm looks for points where some are missing. The tables of its guide look two
 * periods further than the alarm evaluates.
 */
export const furtherPeriods = 2;

/**
 * The state of a CloudWatch alarm after the newest of these periods (oldest first), where `current` is its state so far.
 * Follows the two tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * and, where the prose beside them says otherwise (the third row of the second), the tables.
 */
export function alarmState(periods: readonly Breach[], alarm: Alarm, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = alarm;
  const range = periods.slice(-(evaluationPeriods + furtherPeriods));
  const measured = range.filter((breach) => breach !== null);
  const evaluated = measured.slice(-evaluationPeriods);
  const breaching = evaluated.filter(Boolean).length;
  const filled = evaluationPeriods - evaluated.length;
  if (filled === 0 || breaching >= datapointsToAlarm) return breaching >= datapointsToAlarm ? "ALARM" : "OK";
  switch (treatMissingData) {
    case "breaching":
      return breaching + filled >= datapointsToAlarm ? "ALARM" : "OK";
    case "notBreaching":
      return "OK";
    case "ignore":
      return breaching < measured.length ? "OK" : current;
    case "missing":
      if (breaching < measured.length) return "OK";
      return isPremature(range, datapointsToAlarm) ? "ALARM" : "INSUFFICIENT_DATA";
    default:
      return treatMissingData satisfies never;
  }
}

/** Nothing but breaches was measured, and the oldest of them is old enough: too few points make an alarm all the same. */
function isPremature(range: readonly Breach[], datapointsToAlarm: number): boolean {
  const oldest = range.indexOf(true);
  return oldest !== -1 && range.length - oldest >= datapointsToAlarm;
}
