import type { Instant } from "../../shared/instant.ts";
import type { Failure } from "../../shared/secrets/failure.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import type { Tags } from "../../shared/secrets/tags.ts";

/** A secret as the list shows it. It may lag behind by minutes. */
export interface Secret {
  arn: string;
  name: string;
  tags: Tags;
  /** As it is named; null for AWS's own. */
  key: string | null;
  createdAt: Instant;
  changedAt: Instant | null;
  rotatedAt: Instant | null;
  accessedAt: Instant | null;
  deletedAt: Instant | null;
  /** Who rotates it; null where rotation is not enabled. */
  rotation: { lambda: string | null; nextAt: Instant | null; rules: RotationRules } | null;
  current: string | null;
  pending: string | null;
  owningService: string | null;
  /** Set where another company's service holds the credential. */
  type: string | null;
  primaryRegion: string | null;
}

/** How often, as Secrets Manager was told. */
export interface RotationRules {
  /** Where an expression is stated, this is what came of it. */
  afterDays: number | null;
  expression: string | null;
  windowHours: number | null;
}

/** All that is known of one secret when it is judged. */
export interface Observed {
  secret: Secret;
  /** Null where nobody has recorded anything. */
  record: SecretRecord | null;
  /** What its value says of its end; null where it was not asked, or could not be. */
  certificate: Lifetime | Failure | null;
  /** Whether its own key can be used; null where that is not known. */
  key: KeyState | null;
  /** Where it is replicated to; null where it is not, or not known. */
  replicas: readonly Replica[] | null;
}

export interface Lifetime {
  notAfter: Instant;
  lifetimeMs: number;
}

export type KeyState = "usable" | "disabled" | "pending deletion" | "absent";

export interface Replica {
  region: string;
  /** InSync, InProgress, Failed. */
  status: string;
}

/** A certificate that ACM or IAM keeps. */
export interface StoredCertificate {
  arn: string;
  name: string;
  /** Null where the store does not tell it. */
  notBefore: Instant | null;
  notAfter: Instant;
  /** Who renews it. ACM renews its own, if they are in use and still validated. */
  renewal: "by hand" | "by its store" | "refused by its store";
  inUse: boolean | null;
}
