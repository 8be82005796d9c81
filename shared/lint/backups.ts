import type { Configuration } from "../configuration/schema.ts";
import type { Contradiction } from "./types.ts";
import { inWords } from "./words.ts";

// What backups of the stated frequency and mechanism can never keep.

const day = 24 * 60;
const frequencies = { weekly: 7 * day, daily: day } as const;

/** So much later than planned a backup may begin: AWS Backup's shortest start window. */
const startWindowMinutes = 60;

export function frequencyContradictions({ environment }: Configuration): Contradiction[] {
  const { backupFrequency: frequency, recoveryPointObjectiveMinutes: objective } = environment;
  if (frequency === "continuous") return [];
  const gap = frequencies[frequency];
  const path = "environment.backupFrequency";
  const words = `${inWords(gap)} between two backups, of which no more than ${inWords(objective)} may be lost`;
  if (gap > objective) {
    return [
      {
        rule: "frequency-cannot-meet-rpo",
        severity: "error",
        path,
        message: `${frequency} backups cannot meet a recovery point objective of ${inWords(objective)}`,
        arithmetic: `${inWords(gap)} > ${inWords(objective)}: ${words}`,
        remedy: `make backups at least every ${inWords(objective)} less the ${inWords(startWindowMinutes)} in which one may begin late, or promise ${inWords(gap + startWindowMinutes)}`,
      },
    ];
  }
  if (gap + startWindowMinutes <= objective) return [];
  return [
    {
      rule: "frequency-marginal-for-rpo",
      severity: "warning",
      path,
      message: `${frequency} backups meet a recovery point objective of ${inWords(objective)} only when each begins on the minute`,
      arithmetic: `${inWords(gap)} + ${inWords(startWindowMinutes)} > ${inWords(objective)}: a backup may begin ${inWords(startWindowMinutes)} late`,
      remedy: `make backups more often, or promise ${inWords(gap + startWindowMinutes)}`,
    },
  ];
}

/** For each type of resource what its best mechanism can reach. An objective that equals it is met. */
export function mechanismContradictions({ environment, backups }: Configuration): Contradiction[] {
  const { recoveryPointObjectiveMinutes: objective } = environment;
  return Object.entries(backups.floors).flatMap(([type, { mechanism, minutes }]): Contradiction[] => {
    if (minutes <= objective) return [];
    return [
      {
        rule: "mechanism-floor-above-rpo",
        severity: "error",
        path: `backups.floors.${type}`,
        message: `no backup of ${type} can meet a recovery point objective of ${inWords(objective)}: ${mechanism} is the best there is`,
        arithmetic: `${inWords(minutes)} > ${inWords(objective)}: ${mechanism} is ${inWords(minutes)} behind at best`,
        remedy: `promise ${inWords(minutes)} for ${type}, or copy it by other means than backups (replication)`,
      },
    ];
  });
}

const frequent = ["none", "weekly", "daily", "continuous"] as const;

/** The two tables of the policy say different things. */
export function scheduleContradictions({ environment, backups }: Configuration): Contradiction[] {
  const { backupFrequency } = environment;
  const { schedule } = backups;
  if (schedule === backupFrequency) return [];
  const stricter = frequent.indexOf(schedule) > frequent.indexOf(backupFrequency) ? schedule : backupFrequency;
  const required = schedule === "none" ? "not required" : schedule;
  const reading =
    schedule === "none"
      ? "what is not protected is exempt, and what is protected is held to its objective"
      : `the stricter one holds: ${stricter}`;
  return [
    {
      rule: "schedules-disagree",
      severity: "warning",
      path: "backups.schedule",
      message: `backups are ${required} by backups.schedule, and ${backupFrequency} by environment.backupFrequency; ${reading}`,
      arithmetic: `${required} ≠ ${backupFrequency}`,
      remedy: `state the same in both: backups.schedule: ${backupFrequency}, or environment.backupFrequency: ${schedule === "none" ? backupFrequency : schedule}`,
    },
  ];
}
