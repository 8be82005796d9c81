import { Refused } from "../shared/failures.ts";
import { quoted, suggestion } from "../shared/text.ts";
import type { Command } from "./command.ts";

/** Every command: one line each. A command is loaded when it is called, so that a small one starts fast. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import("./commands/list.ts")).list,
  configuration: async () => (await import("./commands/configuration.ts")).configuration,
  schema: async () => (await import("./commands/schema.ts")).schema,
  run: async () => (await import("./commands/run.ts")).run,
  freeze: async () => (await import("./commands/freeze.ts")).freeze,
  thaw: async () => (await import("./commands/freeze.ts")).thaw,
  simulate: async () => (await import("./commands/simulate.ts")).simulate,
  campaign: async () => (await import("./commands/campaign.ts")).campaign,
  crashes: async () => (await import("./commands/crashes.ts")).crashes,
  backtest: async () => (await import("./commands/backtest.ts")).backtest,
  replay: async () => (await import("./commands/replay.ts")).replay,
  plan: async () => (await import("./commands/plan.ts")).plan,
  rotate: async () => (await import("./commands/rotate.ts")).rotate,
  rollback: async () => (await import("./commands/rollback.ts")).rollback,
  readers: async () => (await import("./commands/readers.ts")).readers,
  why: async () => (await import("./commands/why.ts")).why,
  savings: async () => (await import("./commands/savings.ts")).savings,
  lint: async () => (await import("./commands/lint.ts")).lint,
  "verify-evidence": async () => (await import("./commands/verify-evidence.ts")).verifyEvidence,
  help: async () => (await import("./commands/help.ts")).help,
};

/** Loads a command; throws `Refused` with the nearest one. */
export async function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return await load();
  const isOption = name.startsWith("-");
  const known = isOption ? ["--help", "--version"] : Object.keys(commands);
  throw new Refused(`unknown ${isOption ? "option" : "command"} ${quoted(name)}${suggestion(name, known)}`);
}
