import { CloudWatchServiceException, ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import { PublishCommand, SNSServiceException } from "@aws-sdk/client-sns";
import type { OperationName } from "../shared/operations.ts";
import { createChance } from "./chance.ts";
import { commandName, executeUnseen } from "./commands.ts";
import { Crash, createFaults, type Faults, type Invocation } from "./faults.ts";
import type { Sends } from "./throttles.ts";
import type { World } from "./world.ts";

/** One external call of a function, and the calls of the same invocation that led to it. */
export interface Call {
  operation: OperationName;
  /** Its command, and what of the ledger it is about. */
  name: string;
  /** The same function, the same calls before it and the same call: another death there would show nothing new. */
  path: string;
}

export interface Killing {
  /** The number of the call, from 0, among all of a world. */
  call: number;
  /** Whether the call reaches its service before the process is gone. */
  after: boolean;
}

export interface Killer {
  faults: Faults;
  /** Every call so far, in order. */
  calls: readonly Call[];
  /** The functions that died. */
  deaths: readonly OperationName[];
  /** What died is started again at once, with the same event, as AWS does sooner or later. */
  revive(world: World): void;
  /** While it is true, tags cannot be read and nothing can be published. */
  refuse(refuses: () => boolean): void;
}

/** Counts the calls of every function, and ends the process of one of them at one of its calls. */
export function createKiller(killing: Killing | null): Killer {
  const calls: Call[] = [];
  const deaths: OperationName[] = [];
  const paths = new WeakMap<Invocation, string>();
  const state = { refuses: () => false };

  async function pass(
    command: unknown,
    execute: (command: unknown) => Promise<unknown>,
    invocation: Invocation,
  ): Promise<unknown> {
    if (invocation.crash !== null) throw invocation.crash;
    const name = describe(command);
    const path = `${paths.get(invocation) ?? invocation.operation} > ${name}`;
    paths.set(invocation, path);
    const isLast = killing?.call === calls.length;
    calls.push({ operation: invocation.operation, name, path });
    if (!isLast) {
      if (state.refuses()) refuse(command);
      return execute(command);
    }
    if (killing.after) await executeUnseen(() => execute(command));
    deaths.push(invocation.operation);
    invocation.crash = new Crash(name, killing.after);
    throw invocation.crash;
  }

  const faults = createFaults("none", createChance("none"));
  faults.isCalm = killing === null;
  faults.around = <Name extends keyof Sends>(_: Name, send: Sends[Name], invocation?: Invocation): Sends[Name] => {
    // A simulated service is called here whatever its commands are: the SDK's type has an overload for each of them.
    const execute = send as unknown as (command: unknown) => Promise<unknown>;
    if (invocation === undefined) return send;
    return ((command: unknown) => pass(command, execute, invocation)) as unknown as Sends[Name];
  };
  faults.exchange = async <Result>(what: string, execute: () => Promise<Result>, invocation: Invocation) =>
    (await pass(what, execute, invocation)) as Result;
  return {
    faults,
    calls,
    deaths,
    revive: (world) => revive(world, deaths),
    refuse: (refuses) => {
      state.refuses = refuses;
    },
  };
}

/** What a function can go on without, or tries again later. */
function refuse(command: unknown): void {
  const throttled = { name: "ThrottlingException", message: "Rate exceeded", $fault: "client", $metadata: {} } as const;
  if (command instanceof ListTagsForResourceCommand) throw new CloudWatchServiceException(throttled);
  if (command instanceof PublishCommand) throw new SNSServiceException(throttled);
}

function revive(world: World, deaths: readonly OperationName[]): void {
  const again = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    const before = deaths.length;
    try {
      return await run();
    } catch (error) {
      // What a function makes of its own death does not matter: its process is gone.
      if (deaths.length > before) return run();
      throw error;
    }
  };
  const { open, escalate, notify } = world;
  world.open = (event) => again(() => open(event));
  world.escalate = () => again(escalate);
  world.notify = (event) => again(() => notify(event));
}

/** TransactWriteItems(alarm, incident, thread): the command, and the kinds of the rows that it is about. */
function describe(command: unknown): string {
  if (typeof command === "string") return command;
  const input =
    typeof command === "object" && command !== null && "input" in command ? JSON.stringify(command.input) : "";
  const rows = [...input.matchAll(/"pk":\{"S":"(\w+)/g)].map(([, kind = ""]) => kind);
  const queues = [...input.matchAll(/":queue":\{"S":"([\w#]+)"/g)].map(([, queue = ""]) => queue);
  const about = [...new Set([...rows, ...queues])].sort();
  const name = commandName(command).replace(/Command$/, "");
  return about.length === 0 ? name : `${name}(${about.join(", ")})`;
}
