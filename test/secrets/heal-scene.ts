import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { day, hour, minute } from "../../shared/instant.ts";
import { promoted, type SecretRecord, type Succession, touched } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord, readSuccession, writeSuccession } from "../../shared/secrets/records.ts";
import { type Changes, createHealWorld, type HealWorld, type Kill, sweepOnce, v1, v2, values } from "./heal-world.ts";

export type Scene = HealWorld & ReturnType<typeof actsOf>;

/** A world in which a secret is rotated from v1 to v2, as far as a test lets it. */
export async function createScene(changes: Changes = {}): Promise<Scene> {
  const world = await createHealWorld(changes);
  return Object.assign(world, actsOf(world));
}

/** Its rotation has come to its end a minute after the beginning. */
export async function promotedScene(changes: Changes = {}): Promise<Scene> {
  const scene = await createScene(changes);
  scene.ecs.put("shop", "checkout");
  scene.later(minute);
  await scene.rotated();
  await scene.promote();
  return scene;
}

export const isRetired = async (scene: Scene) => (await scene.succession())?.retired === true;
export const saysComplete = (scene: Scene) => scene.lines.some(({ message }) => message === "sweep complete");

function actsOf(world: HealWorld) {
  const { clock, secrets, ledger, arn, bridge, pause } = world;
  const change = (with_: (record: SecretRecord) => SecretRecord) => changeRecord(ledger, arn, with_, pause);
  return {
    change,
    sweep: (kill: Kill | null = null) => sweepOnce(world, kill),
    record: () => readRecord(ledger, arn),
    succession: () => readSuccession(ledger, arn, v2),
    stages: (version: string) => [...(secrets.secret(arn).versions.get(version)?.stages ?? [])].toSorted(),
    findings: () => bridge.events.filter(({ type }) => type === "Finding").map(({ detail }) => detail as FindingDetail),
    later: (ms: number) => {
      clock.at += ms;
    },
    /** v2 was made `ageMinutes` ago and is pending; with a value unless told otherwise. */
    async pending({ ageMinutes = 90, empty = false }: { ageMinutes?: number; empty?: boolean } = {}): Promise<void> {
      const version = {
        value: empty ? null : values[v2],
        stages: new Set(["AWSPENDING"]),
        createdAt: clock.at - ageMinutes * minute,
      };
      secrets.secret(arn).versions.set(v2, version);
      secrets.remember(secrets.secret(arn));
      await change((record) => touched(record, v2, clock.at - ageMinutes * minute));
    },
    rotated: (over: Partial<Succession> = {}) => rotate(world, over),
    async promote(): Promise<void> {
      const move = { SecretId: arn, VersionStage: "AWSCURRENT", MoveToVersionId: v2, RemoveFromVersionId: v1 };
      await secrets.send(new UpdateSecretVersionStageCommand(move));
      await change((record) => promoted(record, { version: v2, from: v1, retireAt: clock.at + 24 * hour }));
    },
    async rollBack(): Promise<void> {
      const move = { SecretId: arn, VersionStage: "AWSCURRENT", MoveToVersionId: v1, RemoveFromVersionId: v2 };
      await secrets.send(new UpdateSecretVersionStageCommand(move));
    },
  };
}

/** A rotation from v1 to v2 has come to its end just now, up to the promotion and to what is written of it. */
async function rotate(
  { clock, secrets, ledger, arn, database, pause }: HealWorld,
  over: Partial<Succession>,
): Promise<void> {
  database.passwords.add(values[v2]);
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: arn,
      SecretString: values[v2],
      ClientRequestToken: v2,
      VersionStages: ["AWSPENDING"],
    }),
  );
  const live = [
    { version: v1, bornAt: clock.at - 30 * day },
    { version: v2, bornAt: clock.at },
  ];
  await changeRecord(ledger, arn, (record) => ({ ...touched(record, v2, clock.at), live }), pause);
  const succession: Succession = {
    ...{ arn, name: "shop/database", kind: "database-password", strategy: "remembered", from: v1, to: v2 },
    ...{ at: clock.at, retireAt: clock.at + 24 * hour, told: false, refreshed: false, retired: false },
    ...over,
  };
  await writeSuccession(ledger, succession, clock.at);
}

export interface FindingDetail {
  operation: string;
  rule: string;
  resource: string;
  state: string;
  severity: string;
  message: string;
  remedy: string;
}
