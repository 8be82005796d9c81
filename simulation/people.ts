import type { Receiver } from "../shared/intake/receiver.ts";
import { ledgerTable } from "./table.ts";
import type { World } from "./world.ts";

// What somebody needs who does something to a world's incidents, outside of every function.

/** Never fails: what people use is not among what faults are put around. */
export function receiverIn({ clock, cloudwatch, collected, configuration, dynamodb }: World): Receiver {
  return {
    ledger: { client: dynamodb, table: ledgerTable },
    cloudwatch,
    configuration,
    now: clock.now,
    log: collected.log,
    pause: async () => {},
  };
}

/** Tells of each incident that is opened, by its id. */
export function onOpened({ dynamodb }: World, tell: (id: string) => void): void {
  dynamodb.onChange(({ keys, eventName }) => {
    const id = /^incident#(.+)$/.exec(keys.pk?.S ?? "")?.[1];
    if (id !== undefined && keys.sk?.S === "incident" && eventName === "INSERT") tell(id);
  });
}
