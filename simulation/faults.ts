import { TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import type { OperationName } from "../shared/operations.ts";
import type { Chance } from "./chance.ts";
import { commandName, executeUnseen } from "./commands.ts";
import { type FaultKind, type FaultLevel, type FaultRates, faultKinds, faultRates, zeroOfEach } from "./fault-rates.ts";
import { type RetryableError, type Sends, type Service, services } from "./throttles.ts";

/**
 * The invocation ended here: its process is gone. Only the world catches it, as Lambda would notice, and delivers or
 * schedules anew; a function that caught it and went on would be doing what no dead process can. Where that cannot be
 * avoided, because a function catches whatever a channel throws, the `Invocation` holds it back.
 */
export class Crash extends Error {
  /** Whether the command that was being sent reached the service. */
  readonly executed: boolean;

  constructor(command: string, executed: boolean) {
    super(`the invocation ended ${executed ? "after" : "before"} ${command} was executed`);
    this.name = "Crash";
    this.executed = executed;
  }
}

/** One run of a function: what its clients share. After its crash none of them executes anything, and each throws it. */
export interface Invocation {
  operation: OperationName;
  crash: Crash | null;
}

export interface Faults {
  readonly rates: FaultRates;
  /** Nothing will fail: then nothing may be late either. */
  isCalm: boolean;
  /** How often each fault was injected. */
  readonly counts: Readonly<Record<FaultKind, number>>;
  /** Every fault that was injected, by its name: the kind, and the number of the draw that brought it, as in `crash:12`. */
  readonly injected: readonly string[];
  /** Only these are injected, of all that are drawn: by them a failing world is made small. All of them when it is null. */
  only: ReadonlySet<string> | null;
  /** Commands that the functions have sent so far, whatever became of them. */
  commands: number;
  /** Transactions that were named so far. */
  transactions: number;
  /** While it is false nothing is injected and nothing is drawn, so that a test can let things converge. */
  enabled: boolean;
  /** Draws, and counts what it injects. Each kind has its own stream: asking for one does not change another. */
  happens(kind: FaultKind): boolean;
  /**
   * A `send` that throttles, loses replies and crashes. As in the SDK, a throttle or a lost reply is tried again, up to
   * three attempts in all, before the caller sees the error; the second attempt after a lost reply executes the command
   * a second time. As in the SDK, a transaction has one token for all its attempts. Whatever the service itself answers
   * goes to the caller at once.
   */
  around<Name extends keyof Sends>(service: Name, send: Sends[Name], invocation?: Invocation): Sends[Name];
  /** The same for one exchange with something that is no service of AWS, a database: nobody tries it again. */
  exchange<Result>(what: string, execute: () => Promise<Result>, invocation: Invocation): Promise<Result>;
}

export function createFaults(level: FaultLevel, chance: Chance): Faults {
  const streams = new Map(faultKinds.map((kind) => [kind, chance.fork(kind)]));
  const details = chance.fork("details");
  const counts = zeroOfEach();
  const draws = zeroOfEach();
  const injected: string[] = [];
  const faults: Faults = {
    rates: faultRates[level],
    isCalm: Object.values(faultRates[level]).every((rate) => rate === 0),
    counts,
    injected,
    only: null,
    enabled: true,
    commands: 0,
    transactions: 0,
    happens(kind) {
      if (!faults.enabled) return false;
      draws[kind]++;
      if (!streams.get(kind)?.happens(faults.rates[kind])) return false;
      const name = `${kind}:${draws[kind]}`;
      if (faults.only?.has(name) === false) return false;
      counts[kind]++;
      injected.push(name);
      return true;
    },
    around: (service, send, invocation) => injecting({ faults, details, invocation, ...services[service] }, send),
    async exchange(what, execute, invocation) {
      faults.commands += 1;
      if (invocation.crash) throw invocation.crash;
      const fault = drawn(faults);
      if (fault === null) return execute();
      const executed = fault === "lostReply" || (fault === "crash" && details.happens(0.5));
      if (executed) await execute().catch(() => undefined);
      if (fault === "crash") throw ended({ invocation }, new Crash(what, executed));
      // Named as Node names it.
      throw Object.assign(new Error(`no reply to ${what}`), {
        code: fault === "throttle" ? "ECONNREFUSED" : "ECONNRESET",
      });
    },
  };
  return faults;
}

/** What the SDK's standard retry allows unless a client is told otherwise; its DynamoDB client has one more. */
const maximumAttempts = 3;

interface Seam extends Service {
  faults: Faults;
  /** Decides what a fault looks like once it happens. */
  details: Chance;
  invocation: Invocation | undefined;
}

function injecting<Send extends Sends[keyof Sends]>(seam: Seam, send: Send): Send {
  // A simulated service is called here whatever its commands are: the SDK's type has an overload for each of them.
  const execute = send as unknown as (...sent: unknown[]) => Promise<unknown>;
  const injected = async (...given: unknown[]): Promise<unknown> => {
    seam.faults.commands += 1;
    const sent = [withToken(given[0], seam), ...given.slice(1)];
    const transaction = sent[0] instanceof TransactWriteItemsCommand ? sent[0] : null;
    for (let attempts = 1; ; attempts++) {
      if (seam.invocation?.crash) throw seam.invocation.crash;
      const fault = drawn(seam.faults);
      if (fault === null && transaction !== null && seam.faults.happens("conflict")) throw conflicting(transaction);
      if (fault === null) return execute(...sent);
      const error = await inject(fault, seam, sent[0], () => execute(...sent));
      if (error instanceof Crash) throw ended(seam, error);
      if (attempts === maximumAttempts) {
        throw Object.assign(error, { $metadata: { ...error.$metadata, attempts, totalRetryDelay: 0 } });
      }
    }
  };
  // And here it becomes a client again.
  return injected as unknown as Send;
}

/** Another transaction is under way on one of the rows: DynamoDB cancels this one, and the SDK does not try it again. */
function conflicting({ input }: TransactWriteItemsCommand): TransactionCanceledException {
  const reasons = (input.TransactItems ?? []).map((_, index) => ({
    Code: index === 0 ? "TransactionConflict" : "None",
  }));
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    CancellationReasons: reasons,
    $metadata: { httpStatusCode: 400 },
  });
}

/** The SDK names each transaction, so that its own second attempt at it is recognised. */
function withToken(command: unknown, seam: Seam): unknown {
  if (!(command instanceof TransactWriteItemsCommand) || command.input.ClientRequestToken !== undefined) return command;
  seam.faults.transactions += 1;
  return new TransactWriteItemsCommand({
    ...command.input,
    ClientRequestToken: `transaction-${seam.faults.transactions}`,
  });
}

type SendFault = "crash" | "throttle" | "lostReply";

function drawn(faults: Faults): SendFault | null {
  const kinds = ["crash", "throttle", "lostReply"] as const;
  return kinds.find((kind) => faults.happens(kind)) ?? null;
}

/** What the attempt fails with, after doing of the command what the fault lets through. */
async function inject(
  fault: SendFault,
  seam: Seam,
  command: unknown,
  execute: () => Promise<unknown>,
): Promise<Crash | RetryableError> {
  switch (fault) {
    case "throttle":
      return seam.throttled(seam.details);
    case "lostReply":
      await executeUnseen(execute);
      // Named as the SDK's HTTP handler names it, which is what its retry looks at.
      return Object.assign(new Error(`no reply to ${commandName(command)}`), { name: "TimeoutError" });
    case "crash": {
      const executed = seam.details.happens(0.5);
      if (executed) await executeUnseen(execute);
      return new Crash(commandName(command), executed);
    }
    default:
      throw fault satisfies never;
  }
}

/** Of several commands that were under way at once, the first one to crash ends the invocation. */
function ended({ invocation }: Pick<Seam, "invocation">, crash: Crash): Crash {
  if (invocation === undefined) return crash;
  invocation.crash ??= crash;
  return invocation.crash;
}
