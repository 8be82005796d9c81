import { isFailure } from "../../shared/secrets/failure.ts";
import { readStage } from "../../shared/secrets/reading.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import { mortal } from "./dying.ts";
import { type Stage, steps } from "./rotating.ts";

/** A secret that is about to be rotated for the first or the next time, in a world of its own. */
export interface Scene {
  stage: Stage;
  arn: string;
  strategy: string;
  /** What lies about outside that no version of the secret knows: orphaned keys, users, passwords; none when all is well. */
  leftovers(): Promise<string[]>;
  /** Makes room for the next scene. */
  end(): Promise<void>;
}

export interface Matrix {
  deaths: number;
  healed: number;
  /** What did not come to the same end, in sentences. */
  broken: string[];
}

/**
 * The process dies before and after each external call of the four steps, and Secrets Manager begins again. Each time: what is
 * current works at every moment, the value is made once, nothing is left over.
 */
export async function crashMatrix(setUp: () => Promise<Scene>): Promise<Matrix> {
  const undisturbed = await inScene(setUp, null);
  const matrix: Matrix = { deaths: 0, healed: 0, broken: undisturbed.broken.map((each) => `undisturbed: ${each}`) };
  for (let call = 0; call < undisturbed.calls.length; call++) {
    for (const after of [false, true]) {
      const { broken } = await inScene(setUp, { call, after });
      matrix.deaths += 1;
      if (broken.length === 0) matrix.healed += 1;
      const where = `killed ${after ? "after" : "before"} call ${call}, ${undisturbed.calls[call]}`;
      matrix.broken.push(...broken.map((each) => `${where}: ${each}`));
    }
  }
  return matrix;
}

export function tell(what: string, { deaths, healed }: Matrix): void {
  process.stdout.write(`${what}: ${healed} of ${deaths} deaths were healed by the next invocation\n`);
}

async function inScene(
  setUp: () => Promise<Scene>,
  death: { call: number; after: boolean } | null,
): Promise<{ calls: string[]; broken: string[] }> {
  const scene = await setUp();
  try {
    return await rotateOnce(scene, death);
  } finally {
    await scene.end();
  }
}

async function rotateOnce(
  scene: Scene,
  death: { call: number; after: boolean } | null,
): Promise<{ calls: string[]; broken: string[] }> {
  const { stage, arn } = scene;
  const alive = { ...stage.outside };
  const token = await stage.begin(arn);
  const killer = mortal(stage);
  Object.assign(killer, { at: death?.call ?? null, after: death?.after ?? false });
  const broken: string[] = [];
  const look = async (when: string) => {
    const problem = await login(scene, alive);
    if (problem !== null) broken.push(`${when} what is current does not work (${problem})`);
  };
  const walk = async (says: string) => {
    try {
      for (const step of steps) await stage.step(arn, token, step);
    } catch (error) {
      if (!killer.isDead) broken.push(`${says}: ${error}`);
    }
  };
  await walk("it fails by itself");
  if (death !== null && !killer.isDead) broken.push("nobody died");
  const calls = [...killer.calls];
  const made = stage.secrets.secret(arn).versions.get(token)?.value;
  await look("after the death");
  Object.assign(killer, { at: null, isDead: false });
  await walk("it is not healed");
  await look("at the end");
  const version = stage.secrets.secret(arn).versions.get(token);
  if (made && version?.value !== made) broken.push("a second value was made");
  if (version?.stages.has("AWSCURRENT") !== true) broken.push("it is not promoted");
  const pending = [...stage.secrets.secret(arn).versions.values()].filter(({ stages }) => stages.has("AWSPENDING"));
  if (pending.length > 0 && pending[0] !== version) broken.push("something is pending");
  broken.push(...(await scene.leftovers()));
  return { calls, broken };
}

/** Null when AWSCURRENT works. */
async function login({ stage, arn, strategy: name }: Scene, outside: Stage["outside"]): Promise<string | null> {
  const strategy = await strategyNamed(name, stage.configuration.secrets);
  const current = await readStage(outside, arn, "AWSCURRENT");
  if (isFailure(strategy) || isFailure(current) || current === null) return "it cannot be read";
  const { name: secretName, tags } = stage.secrets.secret(arn);
  const rotation: Rotation = {
    secret: { arn, name: secretName, kind: "", tags: Object.fromEntries(tags) },
    ...{
      token: "",
      intervalDays: 90,
      graceHours: 24,
      outside,
      notes: {},
      note: async () => {},
      now: () => stage.time.now,
    },
  };
  return (await strategy.login(rotation, current))?.message ?? null;
}
