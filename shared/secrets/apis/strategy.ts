import { type Failure, failure, isFailure } from "../failure.ts";
import type { StrategySettings } from "../settings.ts";
import type { Rotation, Strategy } from "../strategy.ts";
import { type Fields, fieldsOf, type Value } from "../value.ts";
import { type Issuer, type IssuerKind, issuerOf, lentChecks } from "./issuer.ts";

/** A credential that somebody over HTTP makes, tests and revokes: the strategies http and webhook. */
export function issuedStrategy(
  { name, summary, kind }: { name: string; summary: string; kind: IssuerKind },
  settings: StrategySettings,
): Strategy {
  const ready = (rotation: Rotation, value: Value) => readyFor(settings, rotation, kind, value);
  return {
    name,
    summary,
    cost: "Nobody loses a login where two credentials work at a time; where a new one ends the old one, every reader is refused from createSecret until it reads the secret again.",
    steps: (rotation, current) => {
      const start = ready(rotation, current);
      if (isFailure(start)) return start;
      return {
        createSecret: `asks ${start.issuer.place} for a new credential`,
        setSecret: "nothing: a new credential works from the start",
        testSecret: "proves that the new credential works",
        finishSecret: "makes the new credential the current one; both work",
        retire: start.issuer.revoke === null ? "fails: nothing says how to revoke" : "revokes the previous credential",
      };
    },
    create: async (rotation, current) => {
      const start = ready(rotation, current);
      if (isFailure(start)) return start;
      const made = await start.issuer.create(rotation, start.fields);
      return isFailure(made) ? made : { text: JSON.stringify({ ...start.fields, ...made }) };
    },
    set: async () => null,
    test: async (rotation, { pending }) => await tried(ready(rotation, pending), rotation),
    login: async (rotation, value) => await tried(ready(rotation, value), rotation),
    retire: async (rotation, dead, current) => await revoked(ready(rotation, current), rotation, dead),
    abandon: async (rotation, pending, current) => {
      const start = ready(rotation, current);
      if (isFailure(start)) return start;
      return pending === null
        ? await start.issuer.forget(rotation, start.fields)
        : await revoked(start, rotation, pending);
    },
    preflight: async (rotation, current) => {
      const start = ready(rotation, current);
      if (isFailure(start)) return [{ what: "configuration", failure: start, seen: "it cannot be rotated as it is" }];
      const problem = await start.test(rotation, start.fields);
      const canRevoke = start.issuer.revoke === null ? unrevocable() : null;
      return [
        {
          what: "login",
          failure: problem,
          seen: problem === null ? "the credential works" : "it does not, or unknown",
        },
        { what: "revoke", failure: canRevoke, seen: canRevoke === null ? "it is described" : "nothing says how" },
        ...(await lentChecks(rotation.outside, start.issuer)),
      ];
    },
  };
}

interface Ready {
  issuer: Issuer;
  test: NonNullable<Issuer["test"]>;
  fields: Fields;
}

function readyFor(settings: StrategySettings, rotation: Rotation, kind: IssuerKind, value: Value): Ready | Failure {
  const issuer = issuerOf(settings, rotation, [kind]);
  if (isFailure(issuer)) return issuer;
  const { test } = issuer;
  if (test === null) return failure("malformed", "nothing says how a credential is tested", "describe the API's test");
  const fields = fieldsOf(value);
  return isFailure(fields) ? fields : { issuer, test, fields };
}

async function tried(start: Ready | Failure, rotation: Rotation): Promise<Failure | null> {
  return isFailure(start) ? start : await start.test(rotation, start.fields);
}

async function revoked(start: Ready | Failure, rotation: Rotation, dead: Value): Promise<Failure | null> {
  if (isFailure(start)) return start;
  const fields = fieldsOf(dead);
  if (isFailure(fields)) return fields;
  if (dead.text === "" || JSON.stringify(fields) === JSON.stringify(start.fields)) {
    return failure("policy", "what would be revoked is the current credential", "start a rotation");
  }
  return start.issuer.revoke === null ? unrevocable() : await start.issuer.revoke(rotation, fields, start.fields);
}

function unrevocable(): Failure {
  return failure("policy", "nothing says how a credential is revoked", "add revoke to the API's description");
}
