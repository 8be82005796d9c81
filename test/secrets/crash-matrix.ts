import { day, hour } from "../../shared/instant.ts";
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
  /** From setSecret to finishSecret the current credential is refused: that is what the strategy costs. */
  hasGap?: true;
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

/** Who puts right what the death has left: Secrets Manager, which begins again, or heal-rotations, because nobody does. */
export type Healer = "retry" | "healing";

/**
 * The process dies before and after each external call of the four steps. Each time: what is current works at every moment, the
 * value is made once, nothing is left over. Of every `stride` calls one is tried.
 */
export async function crashMatrix(setUp: () => Promise<Scene>, healer: Healer, stride = 1): Promise<Matrix> {
  const undisturbed = await inScene(setUp, null, healer);
  const matrix: Matrix = { deaths: 0, healed: 0, broken: undisturbed.broken.map((each) => `undisturbed: ${each}`) };
  for (let call = 0; call < undisturbed.calls.length; call += stride) {
    for (const after of [false, true]) {
      const { broken } = await inScene(setUp, { call, after }, healer);
      matrix.deaths += 1;
      if (broken.length === 0) matrix.healed += 1;
      const where = `killed ${after ? "after" : "before"} call ${call}, ${undisturbed.calls[call]}`;
      matrix.broken.push(...broken.map((each) => `${where}: ${each}`));
    }
  }
  return matrix;
}

export function tell(what: string, { deaths, healed: count }: Matrix): void {
  process.stdout.write(`${what}: ${count} of ${deaths} deaths were healed\n`);
}

interface Death {
  call: number;
  after: boolean;
}

async function inScene(
  setUp: () => Promise<Scene>,
  death: Death | null,
  healer: Healer,
): Promise<{ calls: string[]; broken: string[] }> {
  const scene = await setUp();
  try {
    return await rotateOnce(scene, death, healer);
  } finally {
    await scene.end();
  }
}

async function rotateOnce(
  scene: Scene,
  death: Death | null,
  healer: Healer,
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
  if (scene.hasGap !== true) await look("after the death");
  Object.assign(killer, { at: null, isDead: false });
  if (healer === "retry" || death === null) await walk("it is not healed");
  else await healed(scene, broken);
  await look("at the end");
  const { versions } = stage.secrets.secret(arn);
  const version = versions.get(token);
  if (made && version?.value !== made) broken.push("a second value was made");
  if (healer === "retry" && version?.stages.has("AWSCURRENT") !== true) broken.push("it is not promoted");
  const pending = [...versions.values()].filter(({ stages }) => stages.has("AWSPENDING"));
  if (pending.some(({ stages }) => !stages.has("AWSCURRENT"))) broken.push("something is pending");
  broken.push(...(await scene.leftovers()));
  return { calls, broken };
}

/** Hours pass, nobody calls again, heal-rotations sweeps; and days later the next rotation is one like any other. */
async function healed({ stage, arn }: Scene, broken: string[]): Promise<void> {
  try {
    for (const pause of [3 * hour, hour, 2 * day]) {
      stage.time.now += pause;
      await stage.heal();
    }
    await stage.rotate(arn);
  } catch (error) {
    broken.push(`it is not healed: ${error}`);
  }
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
