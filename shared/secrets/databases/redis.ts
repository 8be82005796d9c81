import { connect as connectSocket } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { RedisClientOptions } from "@redis/client";
import { type Failure, failure } from "../failure.ts";
import type { Outside, RedisSession, Target } from "../outside.ts";
import { entered } from "./sessions.ts";
import { codeOf, socketFailure, tlsFailure } from "./sockets.ts";

/**
 * Enters a Redis server as one of its ACL users. Without `disable` everything is encrypted, or there is no connection. It is tried
 * once: whoever waits for a server to come back does so with the whole step.
 */
export const connectRedis: Outside["redis"] = async (target) => {
  const { user, password, timeoutMs } = target;
  const client = (await blankClient()).duplicate({
    username: user,
    password,
    socket: socketOptions(target),
    commandOptions: { timeout: timeoutMs },
  });
  // A connection that breaks while nobody asks anything would end the process; the next command fails instead.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    client.destroy();
    throw target.tls.mode !== "disable" && (await speaksNoTls(error, target)) ? new NoTls() : error;
  }
  return {
    command: async (words) => await client.sendCommand([...words]),
    async end() {
      // Nobody waits for an answer any more.
      if (client.isOpen) client.destroy();
    },
  };
};

let blank: Promise<ReturnType<typeof createBlank>> | undefined;

/** For each client that it makes anew the library makes a class of hundreds of commands, which takes longer than to log in. */
function blankClient(): NonNullable<typeof blank> {
  blank ??= import("@redis/client").then(createBlank);
  return blank;
}

/** Nothing is sent but what the strategy asks: a user of few privileges may not say what client it is. */
function createBlank({ createClient }: typeof import("@redis/client")) {
  return createClient({ RESP: 2, disableClientInfo: true, maintNotifications: "disabled" });
}

function socketOptions({ host, port, tls, timeoutMs }: Target): RedisClientOptions["socket"] {
  const common = { host, port, connectTimeout: timeoutMs, reconnectStrategy: false } as const;
  if (tls.mode === "disable") return common;
  const name = tls.serverName ?? host;
  return {
    ...common,
    tls: true,
    rejectUnauthorized: tls.mode !== "require",
    ...(tls.authorities === null ? {} : { ca: tls.authorities }),
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
    checkServerIdentity: (_, certificate) =>
      tls.mode === "verify-full" ? checkServerIdentity(name, certificate) : undefined,
  };
}

/** The server takes the connection, and understands nothing of TLS. */
class NoTls extends Error {
  readonly code = "ERR_TLS_NOT_SPOKEN";
}

/** A server without TLS hangs up, or waits for the end of a command: whether it is there at all is asked without TLS. */
async function speaksNoTls(error: unknown, { host, port, timeoutMs }: Target): Promise<boolean> {
  const { ConnectionTimeoutError, SocketClosedUnexpectedlyError } = await import("@redis/client");
  const isSilent = error instanceof ConnectionTimeoutError || error instanceof SocketClosedUnexpectedlyError;
  if (!isSilent && codeOf(error) !== "ECONNRESET") return false;
  return await new Promise<boolean>((resolve) => {
    const socket = connectSocket({ host, port, timeout: timeoutMs });
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}

/** Enters, does its work, and leaves. */
export function withinRedis<Result>(
  connect: Outside["redis"],
  target: Target,
  work: (session: RedisSession) => Promise<Result | Failure>,
): Promise<Result | Failure> {
  return entered(
    () => connect(target),
    (error) => redisFailure(error),
    (session, asked) => work({ command: (words) => asked(session.command(words)), end: () => session.end() }),
  );
}

type Meaning = readonly [reason: Failure["failed"], what: string, remedy: string];

/** By the first word of what the server answers. Of the rest nothing is read: it repeats what it was sent. */
const meanings: Readonly<Record<string, Meaning>> = {
  WRONGPASS: [
    "authentication",
    "is refused: unknown, disabled, or the password is wrong",
    "see which version's credential the user has",
  ],
  NOAUTH: ["authentication", "is refused: nobody has logged in", "state username and password"],
  NOPERM: [
    "privilege",
    "may not do what a rotation needs",
    "give it the privileges that docs/rotation.md states for the strategy",
  ],
  DENIED: ["policy", "is refused: the server is in protected mode", "let the server take connections from elsewhere"],
  READONLY: ["policy", "is refused: this is a replica", "name the primary as host"],
  LOADING: ["service", "is refused: the server is still loading", "wait until it has started"],
  MASTERDOWN: ["service", "is refused: the replica has lost its primary", "wait, or name the primary as host"],
  BUSY: ["service", "is refused: the server runs a script", "wait until it has ended"],
};

export async function redisFailure(error: unknown): Promise<Failure> {
  const client = await import("@redis/client");
  const who = "the database's user";
  if (error instanceof client.ErrorReply) {
    const word = /^[A-Z]+/.exec(error.message)?.[0] ?? "";
    const meaning = Object.hasOwn(meanings, word) ? meanings[word] : undefined;
    if (meaning !== undefined) return failure(meaning[0], `${who} ${meaning[1]} (${word})`, meaning[2]);
    if (/max number of clients/.test(error.message)) {
      return failure("throttle", `${who} was let in no more: too many connections`, "wait, or raise maxclients");
    }
    return failure("service", `${who} was answered with an error`, "see the server's log at that time");
  }
  const code = codeOf(error);
  if (code === "ERR_TLS_NOT_SPOKEN") return tlsFailure(code);
  const reached = code === null ? null : socketFailure(code);
  if (reached !== null) return reached;
  const silent = [
    client.ConnectionTimeoutError,
    client.SocketTimeoutError,
    client.SocketClosedUnexpectedlyError,
    client.ClientClosedError,
    client.DisconnectsClientError,
    client.TimeoutError,
  ];
  if (!silent.some((each) => error instanceof each)) throw error;
  return failure(
    "network",
    "the database does not answer, or broke off",
    "check host and port, security groups and routes",
  );
}
