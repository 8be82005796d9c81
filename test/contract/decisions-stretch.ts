import { hour } from "../../shared/instant.ts";
import { decisionAt, decisionsBetween } from "../../shared/scaling/decisions.ts";
import { decisionsTable } from "../../simulation/table.ts";
import { createScene, measure, start } from "../scaling/scene.ts";
import { noting } from "./sent.ts";

/** What was decided of a target is read as the command line reads it; `note` is told each command. */
export async function decisionsStretch(note: (command: unknown) => void): Promise<void> {
  const account = await createScene();
  measure(account, { cpu: 90, memory: 50 });
  await account.tick();
  const client = { send: noting(account.dynamodb.send, note) };
  const table = { client, table: decisionsTable };
  await decisionAt(table, "checkout", start);
  for await (const _ of decisionsBetween(table, "checkout", start - hour, start));
}
