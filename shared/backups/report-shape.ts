import * as z from "zod/mini";
import { severities } from "../severity.ts";

// The document of a run, as test/cli/verify-backups.schema.json describes it, and what evidence keeps of it.

const text = z.string().check(z.minLength(1));
const maybeText = z.nullable(z.string());
const time = z.nullable(z.iso.datetime({ precision: 3 }));

const resource = z.strictObject({
  ...{ arn: text, type: text, region: text, environment: maybeText, owner: maybeText },
  ...{
    mechanism: maybeText,
    restorableAt: time,
    ageSeconds: z.nullable(z.number()),
    rpoSeconds: z.nullable(z.number()),
  },
  verdict: z.enum(["MET", "BREACHED", "UNATTAINABLE", "UNKNOWN", "EXEMPT"]),
  reason: text,
  copies: z.array(z.strictObject({ region: text, vault: text, restorableAt: time })),
  lock: z.nullable(z.enum(["none", "governance", "cooling-off", "compliance", "unknown"])),
  key: z.nullable(z.enum(["aws-owned", "aws-managed", "enabled", "disabled", "pending-deletion", "unknown"])),
});

const finding = z.strictObject({
  ...{ rule: text, resource: text, severity: z.enum(severities), message: text, remedy: text },
});

const source = z.strictObject({ source: text, region: text, complete: z.boolean(), reason: maybeText });

export const backupsShape = z.strictObject({
  ...{ at: z.iso.datetime({ precision: 3 }), account: text, regions: z.array(text) },
  totals: z.record(z.string(), z.int()),
  ...{ resources: z.array(resource), findings: z.array(finding), inventory: z.array(source) },
  calls: z.record(z.string(), z.int().check(z.nonnegative())),
});

export type BackupsJson = z.infer<typeof backupsShape>;
export type ResourceJson = BackupsJson["resources"][number];
