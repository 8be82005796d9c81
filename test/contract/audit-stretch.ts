import { day, hour } from "../../shared/instant.ts";
import { createAuditedAccount } from "../../simulation/audited-account.ts";
import { createSecret } from "../secrets/audit-account.ts";
import { configurationWith, now, region } from "../secrets/audit-stage.ts";

/** Audits of an account in which there is something of everything to ask and to do; `note` is told each command for a service of its own contract. */
export async function auditStretch(note: (command: unknown) => void): Promise<void> {
  const configuration = configurationWith({ auditSecrets: { mode: "act" } });
  const account = await createAuditedAccount({ configuration, start: now });
  for (let index = 0; index < 120; index++) await createSecret(account, `shop/${index}`);
  await createSecret(account, "off", (secret) => Object.assign(secret, { rotation: null }));
  await createSecret(account, "copied", (secret) => Object.assign(secret, { primaryRegion: region }));
  await createSecret(account, "tls", () => {}, { "nightshift:kind": "certificate" });
  const { secrets, ledger } = account.dependencies();
  const noted = <Client extends { send: unknown }>({ send }: Client): Client => {
    const through = send as (command: unknown) => Promise<unknown>;
    const telling = (command: unknown) => {
      note(command);
      return through(command);
    };
    return { send: telling } as Client;
  };
  for (const passed of [hour, 91 * day, hour]) {
    account.clock.at += passed;
    await account.audit({ secrets: noted(secrets), ledger: noted(ledger) });
  }
}
