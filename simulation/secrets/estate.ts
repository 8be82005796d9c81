import type { Configuration } from "../../shared/configuration/schema.ts";

/** One secret of the example account, as it stands before anything happens. */
export interface EstateSecret {
  name: string;
  kind: string | null;
  strategy?: string;
  /** How old its credential is, in days. */
  ageDays: number;
  /** What it opens: an account of a database, a user of IAM, or nothing but what its readers agree on. */
  opens: { engine: "mariadb" | "redis"; host: string; user: string } | { iamUser: string } | "text" | "signing-key";
}

/** Of every kind and strategy that a world can hold, old enough that some are due within days. */
export const estateSecrets: readonly EstateSecret[] = [
  database("shop/database", "mariadb", "shop.db.internal", "shop", 84),
  database("orders/database", "mariadb", "shop.db.internal", "orders", 85),
  database("reports/database", "mariadb", "reports.db.internal", "reports", 80),
  { ...database("build/database", "mariadb", "build.db.internal", "build", 3), kind: "build-password" },
  database("sessions/cache", "redis", "cache.internal", "sessions", 86),
  { name: "deploy/robot", kind: "service-account", ageDays: 174, opens: { iamUser: "deploy-robot" } },
  { name: "payments/api", kind: "api-key", strategy: "random", ageDays: 82, opens: "text" },
  { name: "sessions/signing", kind: "session-key", ageDays: 4, opens: "signing-key" },
  { name: "legacy/forgotten", kind: null, ageDays: 400, opens: "text" },
];

function database(
  name: string,
  engine: "mariadb" | "redis",
  host: string,
  user: string,
  ageDays: number,
): EstateSecret {
  return { name, kind: "database-password", ageDays, opens: { engine, host, user } };
}

export const auditHours = 2;

/** The example account keeps two kinds on a shorter leash, is audited every other hour, and lets Nightshift act. */
export function configured(configuration: Configuration): Configuration {
  const { secrets, auditSecrets, healRotations, findings } = configuration;
  const kinds = {
    ...secrets.kinds,
    "build-password": { rotateDays: 6, strategy: "mariadb-dual" },
    "session-key": { rotateDays: 7, strategy: "signing-key" },
  };
  // Their passwords are changed by hand, as is their owners' wish; else each would be an incident that nobody closes.
  const exemptions = [{ secret: "administrators/*", reason: "changed by hand", until: "2099-12-31" }];
  return {
    ...configuration,
    findings: { ...findings, cadences: { ...findings.cadences, "audit-secrets": auditHours * 60 } },
    secrets: { ...secrets, kinds, exemptions },
    auditSecrets: { ...auditSecrets, mode: "act" },
    healRotations: { ...healRotations, mode: "act" },
  };
}
