import { type AuditPolicy, decide, nothingTold } from "../../functions/audit-secrets/decide.ts";
import type { Found } from "../../functions/audit-secrets/found.ts";
import type { Observed, RotationRules, Secret } from "../../functions/audit-secrets/observed.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { merge } from "../../shared/configuration/merge.ts";
import { type Configuration, configurationSchema } from "../../shared/configuration/schema.ts";
import { day, hour, type Instant } from "../../shared/instant.ts";
import { blankSecretRecord, type SecretRecord } from "../../shared/secrets/record.ts";
import type { SecretRule } from "../../shared/secrets/rules.ts";
import { strategyNames } from "../../shared/secrets/strategy-names.ts";

// What the tests of the audit share: a secret that has nothing wrong with it, to be changed in one place.

export const region = "eu-west-1";
export const now: Instant = Date.UTC(2027, 2, 15, 12);
export const production = loadConfiguration("production").configuration;

export function configurationWith(changes: object): Configuration {
  return configurationSchema.parse(merge(production, changes));
}

export function policyWith(changes: object = {}): AuditPolicy {
  return { policy: configurationWith(changes), strategies: strategyNames, region };
}

export const arn = `arn:aws:secretsmanager:${region}:111122223333:secret:shop/database-a1b2c3`;
export const rotator = "arn:aws:lambda:eu-west-1:111122223333:function:rotate-secrets";

/** A database's password, rotated ten days ago, read today. */
export function secretWith(changes: Partial<Secret> = {}): Secret {
  return {
    ...{ arn, name: "shop/database", tags: { "nightshift:kind": "database-password" }, key: null },
    ...{ createdAt: now - 400 * day, changedAt: now - 10 * day, rotatedAt: now - 10 * day, accessedAt: now },
    deletedAt: null,
    rotation: {
      lambda: rotator,
      nextAt: now + 78 * day,
      rules: { afterDays: 88, expression: null, windowHours: null },
    },
    ...{ current: "version-2", pending: null, owningService: null, type: null, primaryRegion: null },
    ...changes,
  };
}

/** Its only credential that may still work was born ten days ago. */
export function recordWith(changes: Partial<SecretRecord> = {}): SecretRecord {
  return { ...blankSecretRecord(arn), live: [{ version: "version-2", bornAt: now - 10 * day }], ...changes };
}

export function observedWith(changes: Partial<Secret> = {}, more: Partial<Observed> = {}): Observed {
  const known = { record: recordWith(), certificate: null, key: null, replicas: null };
  return { secret: secretWith(changes), ...known, ...more };
}

export function found(observed: Observed, changes: object = {}, at: Instant = now): Found[] {
  return decide(nothingTold, observed, at, policyWith(changes)).findings;
}

export function rulesOf(observed: Observed, changes: object = {}): string[] {
  return found(observed, changes).map(({ rule }) => rule);
}

/** Rotated by that schedule. */
export function schedule(rules: Partial<RotationRules>, nextAt: Instant | null = null): Pick<Secret, "rotation"> {
  const none = { afterDays: null, expression: null, windowHours: null };
  return { rotation: { lambda: rotator, nextAt, rules: { ...none, ...rules } } };
}

export const failed = {
  step: "setSecret",
  reason: "privilege",
  message: "it may not",
  remedy: "let it",
  at: now - hour,
};
export const certificates = { tags: { "nightshift:kind": "certificate" } };

/** What is wrong with it under a changed configuration, by rule. */
export interface Case {
  what: string;
  observed: Observed;
  changes?: object;
  rules: SecretRule[];
}
