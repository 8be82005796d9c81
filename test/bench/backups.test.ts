import { expect, test } from "vitest";
import { backupsMeasures } from "../../bench/backups.ts";
import { type EstateRun, verifyEstate } from "../../bench/backups-estate.ts";
import { bundleAll } from "../../shared/configuration/files.ts";

const estate: EstateRun = await verifyEstate(bundleAll(), { vaults: 20, points: 5_000 });

test("a small estate is verified with the fewest calls of AWS Backup, and nothing of it is unknown", () => {
  // One for the vaults, one for copies, one for jobs; two large vaults of two pages each, and one for each of the others.
  expect(estate).toMatchObject({ points: 5_000, calls: 25, leastCalls: 25 });
  expect(estate.counted).toMatchObject({ resources: 153, MET: 60, EXEMPT: 1, UNATTAINABLE: 92 });
});

test("it reaches its goals, but for those that the test's own process disturbs", () => {
  const missed = backupsMeasures(estate).filter(({ reached }) => !reached);
  expect(missed.filter(({ name }) => !/cpu|memory/.test(name))).toEqual([]);
});

test("what would be wrong is seen", () => {
  const worse = {
    ...{ ...estate, calls: 27, cpuMilliseconds: 3_001, peakBytes: 2 ** 29 },
    counted: { ...estate.counted, UNKNOWN: 1 },
  };
  expect(backupsMeasures(worse).filter(({ reached }) => reached)).toEqual([]);
});
