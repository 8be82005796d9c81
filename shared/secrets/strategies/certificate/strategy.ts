import { iso } from "../../../instant.ts";
import { type Issuer, issuerOf, lentChecks } from "../../apis/issuer.ts";
import { type Certificate, certificateOf, renewAt } from "../../certificates.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import { certificateCheck } from "../../granted.ts";
import type { StrategySettings } from "../../settings.ts";
import type { Check, Rotation, Strategy } from "../../strategy.ts";
import { type Fields, fieldsOf, optionalField, type Value } from "../../value.ts";
import { importedAt, importTo } from "./acm.ts";

/** A certificate that an API or a webhook issues. The one before stays valid until it ends, unless the issuer can revoke it. */
export function strategy(settings: StrategySettings): Strategy {
  const start = (rotation: Rotation, value: Value) => startFor(settings, rotation, value);
  return {
    name: "certificate",
    summary: "lets an API or a webhook issue the next certificate, and proves chain, key and names before it is used",
    cost: null,
    // Valid until it ends: whether whoever trusts it looks for a revocation, nobody knows.
    provesDeath: false,
    steps: (rotation, current) => {
      const begun = start(rotation, current);
      if (isFailure(begun)) return begun;
      const { issuer, present, arn } = begun;
      const due = iso(renewAt(present, settings.certificates));
      return {
        createSecret: `asks ${issuer.place} for a certificate for ${present.names.join(", ")} (due from ${due})`,
        setSecret: arn === null ? "nothing: whoever serves it reads the secret" : `imports it to ${arn}`,
        testSecret: "proves its chain, its key, the same names, and a later end than the present one's",
        finishSecret: "makes the new certificate the current one; both are valid",
        retire:
          issuer.revoke === null ? "nothing: the previous one is valid until it ends" : "revokes the previous one",
      };
    },
    create: async (rotation, current) => {
      const begun = start(rotation, current);
      if (isFailure(begun)) return begun;
      const made = await begun.issuer.create(rotation, withoutKey(begun.fields));
      if (isFailure(made)) return made;
      const text = textOf(current, made);
      const next = certificateOf({ text });
      // What is stored is never made again, so nothing is stored that could not be promoted.
      const problem = isFailure(next) ? next : followProblem(begun.present, next, rotation);
      return problem ?? { text };
    },
    set: async (rotation, versions) => {
      const begun = start(rotation, versions.current);
      const next = nextOf(begun, rotation, versions.pending);
      if (isFailure(begun)) return begun;
      if (isFailure(next)) return next;
      return begun.arn === null ? null : await importTo(rotation.outside, begun.arn, next);
    },
    test: async (rotation, versions) => {
      const begun = start(rotation, versions.current);
      const next = nextOf(begun, rotation, versions.pending);
      if (isFailure(begun)) return begun;
      if (isFailure(next)) return next;
      return begun.arn === null ? null : await servedProblem(rotation, begun.arn, next);
    },
    login: async ({ now }, value) => {
      const own = certificateOf(value);
      return isFailure(own) ? own : validityProblem(own, now());
    },
    retire: async (rotation, dead, current) => await retire(start(rotation, current), rotation, dead),
    abandon: async (rotation, pending, current) => await abandon(start(rotation, current), rotation, pending),
    preflight: async (rotation, current) => await preflight(start(rotation, current), rotation),
  };
}

/** The certificate that is about to take the place of the present one, with all that can be proven of it. */
function nextOf(begun: Begun | Failure, rotation: Rotation, pending: Value): Certificate | Failure {
  if (isFailure(begun)) return begun;
  const next = certificateOf(pending);
  return isFailure(next) ? next : (followProblem(begun.present, next, rotation) ?? next);
}

async function retire(begun: Begun | Failure, rotation: Rotation, dead: Value): Promise<Failure | null> {
  if (isFailure(begun)) return begun;
  const old = certificateOf(dead);
  if (isFailure(old)) return old;
  if (old.serial !== begun.present.serial) return await revoked(begun, rotation, dead);
  return failure("policy", "the certificate to be retired is the current one", "start a rotation");
}

async function abandon(begun: Begun | Failure, rotation: Rotation, pending: Value | null): Promise<Failure | null> {
  if (isFailure(begun)) return begun;
  if (pending === null) return await begun.issuer.forget(rotation, withoutKey(begun.fields));
  const back = begun.arn === null ? null : await importTo(rotation.outside, begun.arn, begun.present);
  return back ?? (await revoked(begun, rotation, pending));
}

interface Begun {
  issuer: Issuer;
  present: Certificate;
  /** Those of the secret; of one that is PEM alone, its certificates. */
  fields: Fields;
  /** Where ACM has it too. */
  arn: string | null;
}

function startFor(settings: StrategySettings, rotation: Rotation, value: Value): Begun | Failure {
  const issuer = issuerOf(settings, rotation, ["api", "webhook"]);
  if (isFailure(issuer)) return issuer;
  const present = certificateOf(value);
  if (isFailure(present)) return present;
  const read = fieldsOf(value);
  const [own = "", ...others] = present.chain;
  const fields = isFailure(read) ? { certificate: own, chain: others.join("\n") } : read;
  return { issuer, present, fields, arn: optionalField(fields, "acmArn") };
}

/** The private key goes to nobody: not even to the one who issued the certificate. */
function withoutKey(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "privateKey"));
}

/** In the shape of the current one: JSON fields, or one text of PEM. */
function textOf(current: Value, made: Fields): string {
  const fields = fieldsOf(current);
  if (!isFailure(fields)) return JSON.stringify({ ...fields, ...made });
  return ["certificate", "chain", "privateKey"].flatMap((name) => optionalField(made, name) ?? []).join("\n");
}

function followProblem(present: Certificate, next: Certificate, { now }: Rotation): Failure | null {
  const look = "look what the issuer was asked for";
  if (next.privateKey === null) return failure("malformed", "the new certificate has no private key", look);
  if (next.names.join() !== present.names.join()) {
    return failure("policy", "the new certificate is for other names than the current one", look);
  }
  if (next.notAfter <= present.notAfter) {
    return failure("policy", "the new certificate does not end later than the current one", look);
  }
  return next.notBefore > now() ? failure("policy", "the new certificate is not valid yet", look) : null;
}

function validityProblem({ notBefore, notAfter }: Certificate, now: number): Failure | null {
  if (now >= notAfter) return failure("authentication", `the certificate ended at ${iso(notAfter)}`, "renew it");
  return now < notBefore ? failure("policy", `the certificate begins at ${iso(notBefore)}`, "wait until then") : null;
}

async function servedProblem({ outside }: Rotation, arn: string, next: Certificate): Promise<Failure | null> {
  for (let attempt = 0; attempt < servedAttempts; attempt++) {
    const served = await importedAt(outside, arn);
    if (isFailure(served)) return served;
    if (served.serial === next.serial) return null;
    await outside.pause(attempt);
  }
  return failure("service", "ACM does not have the new certificate yet", "nothing; it is tried again");
}

const servedAttempts = 10;

async function revoked({ issuer, fields }: Begun, rotation: Rotation, dead: Value): Promise<Failure | null> {
  const old = fieldsOf(dead);
  if (issuer.revoke === null || isFailure(old)) return null;
  return await issuer.revoke(rotation, withoutKey(old), withoutKey(fields));
}

async function preflight(begun: Begun | Failure, { outside, now }: Rotation): Promise<Check[]> {
  if (isFailure(begun)) return [{ what: "certificate", failure: begun, seen: "it cannot be renewed as it is" }];
  const { issuer, present, arn, fields } = begun;
  const validity = {
    what: "certificate",
    failure: validityProblem(present, now()),
    seen: `until ${iso(present.notAfter)}`,
  };
  const checks: Check[] = [validity, ...(await lentChecks(outside, issuer))];
  if (arn !== null) {
    const served = await importedAt(outside, arn);
    checks.push({
      what: "acm",
      failure: isFailure(served) ? served : null,
      seen: isFailure(served) ? "nothing" : "imported",
    });
    if (!isFailure(served)) checks.push(await certificateCheck(outside, arn));
  }
  if (optionalField(fields, "iamServerCertificate") !== null) {
    const remedy = "import it to ACM and state acmArn; IAM replaces no server certificate in place";
    const problem = failure("policy", "a server certificate of IAM is not renewed", remedy);
    checks.push({ what: "iam", failure: problem, seen: "a name that Nightshift cannot renew" });
  }
  return checks;
}
