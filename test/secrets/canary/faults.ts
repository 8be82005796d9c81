import { ErrorReply } from "@redis/client";
import type { RedisSession, Session } from "../../../shared/secrets/outside.ts";
import type { Stage } from "../rotating.ts";

// Everything outside fails once, in every way that it has, and repeats in its error all that it was told and would have answered.

type Call = (...given: unknown[]) => Promise<unknown>;
type Way = "aws" | "ledger" | "postgres" | "mysql" | "redis" | "http";

/** The n-th call, and in which of its ways it fails. */
export interface Fault {
  call: number;
  kind: number;
}

export interface Faults {
  fault: Fault | null;
  /** Of each call so far what it was, and in how many ways it could have failed. */
  calls: { name: string; kinds: number }[];
}

type Make = (said: string) => unknown;

const coded =
  (code: string, more: object = {}) =>
  (said: string) =>
    Object.assign(new Error(said), { code, ...more, sql: said, detail: said, cause: new Error(said) });
const aws =
  (name: string, before = "") =>
  (said: string) =>
    Object.assign(new Error(before + said), { name, $fault: "client", $metadata: {}, $response: { body: said } });
const answered = (status: number) => (said: string) =>
  new Response(said, { status, headers: { location: `https://elsewhere.example.com/${encodeURIComponent(said)}` } });

const ways: Record<Way, readonly Make[]> = {
  aws: [
    aws("AccessDeniedException", "not authorized to do this with "),
    aws("AccessDeniedException", "Access to KMS is not allowed for "),
    aws("ThrottlingException"),
    aws("ValidationException", "1 validation error detected: Value "),
    aws("InternalServiceError"),
    aws("DecryptionFailure"),
    coded("ECONNRESET"),
  ],
  ledger: [aws("ThrottlingException"), aws("AccessDeniedException")],
  postgres: [
    coded("28P01"),
    coded("42501"),
    coded("ECONNREFUSED"),
    coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    coded("53300"),
    coded("22023"),
    coded("XX000"),
  ],
  mysql: [
    coded("ER_ACCESS_DENIED_ERROR", { errno: 1045 }),
    coded("ER_SPECIFIC_ACCESS_DENIED_ERROR", { errno: 1227 }),
    coded("ECONNREFUSED"),
    coded("HANDSHAKE_SSL_ERROR"),
    coded("ER_CON_COUNT_ERROR", { errno: 1040 }),
    coded("ER_NOT_VALID_PASSWORD", { errno: 1819 }),
    coded("ER_PARSE_ERROR", { errno: 1064 }),
  ],
  redis: [
    (said) => new ErrorReply(`WRONGPASS ${said}`),
    (said) => new ErrorReply(`NOPERM ${said}`),
    coded("ECONNREFUSED"),
    coded("SELF_SIGNED_CERT_IN_CHAIN"),
    (said) => new ErrorReply(`ERR max number of clients reached ${said}`),
    (said) => new ErrorReply(`ERR unknown ${said}`),
  ],
  http: [
    ...[200, 302, 400, 401, 403, 404, 429, 500].map(answered),
    (said) => new TypeError(said, { cause: coded("ECONNREFUSED")(said) }),
    (said) => new TypeError(said, { cause: coded("CERT_HAS_EXPIRED")(said) }),
    (said) => Object.assign(new DOMException(said, "TimeoutError"), { cause: said }),
  ],
};

/** Every way out of the functions leads through these faults. What would have been answered is repeated as well, unless told not to. */
export function faulty(stage: Stage, { answers = true } = {}): Faults {
  const faults: Faults = { fault: null, calls: [] };
  const guarded = (way: Way, name: (given: unknown[]) => string, execute: Call): Call => {
    return async (...given) => {
      const { fault, calls } = faults;
      const isIt = fault?.call === calls.length;
      calls.push({ name: name(given), kinds: ways[way].length });
      if (!isIt) return execute(...given);
      const said = await heard(given, execute, answers);
      const outcome = ways[way][fault.kind]?.(said);
      if (outcome instanceof Response) return outcome;
      throw outcome;
    };
  };
  const client = <Client extends { send: unknown }>(way: Way, service: Client): Client => {
    const send = (service.send as Call).bind(service);
    return { ...service, send: guarded(way, ([command]) => String(command?.constructor.name), send) };
  };
  const { outside } = stage;
  const session = (way: Way, entered: Session): Session => ({
    query: guarded(way, ([text]) => `${way}: ${String(text).slice(0, 20)}`, entered.query as Call) as Session["query"],
    end: () => entered.end(),
  });
  const redis = (entered: RedisSession): RedisSession => ({
    command: guarded("redis", ([words]) => `redis: ${String(words).slice(0, 12)}`, entered.command as Call),
    end: () => entered.end(),
  });
  const connect = <Made>(way: Way, open: unknown, dress: (made: Made) => Made) => {
    const call = guarded(way, () => `enter ${way}`, open as Call);
    return async (target: unknown) => dress((await call(target)) as Made);
  };
  const { sts } = outside;
  Object.assign(outside, {
    ...{ secrets: client("aws", outside.secrets), iam: client("aws", outside.iam), acm: client("aws", outside.acm) },
    elasticache: client("aws", outside.elasticache),
    sts: (key: Parameters<typeof sts>[0]) => client("aws", sts(key)),
    http: guarded("http", () => "http", outside.http as Call),
    postgres: connect<Session>("postgres", outside.postgres, (made) => session("postgres", made)),
    mysql: connect<Session>("mysql", outside.mysql, (made) => session("mysql", made)),
    redis: connect<RedisSession>("redis", outside.redis, redis),
  });
  stage.ledger.client = client("ledger", stage.ledger.client);
  stage.bus.client = client("ledger", stage.bus.client);
  return faults;
}

/** All that it was told, and would have answered; it is done all the same, and only the answer is lost. */
async function heard(given: unknown[], execute: Call, answers: boolean): Promise<string> {
  const [first] = given;
  const request = first instanceof Request ? [...first.headers, first.url, await first.clone().text()] : [];
  const input = typeof first === "object" && first !== null && "input" in first ? first.input : given;
  const answer = await execute(...given).catch((error: unknown) => String(error));
  if (typeof answer === "object" && answer !== null && "end" in answer) await (answer as Session).end();
  const body = answer instanceof Response ? await answer.text() : answer;
  return JSON.stringify([request, input, answers ? body : null], (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}
