import { expect } from "vitest";
import { day } from "../../shared/instant.ts";
import { crashMatrix, type Scene, tell } from "./crash-matrix.ts";

/** The rotation after the first, when the credential before is retired. */
function second(setUp: () => Promise<Scene>): () => Promise<Scene> {
  return async () => {
    const scene = await setUp();
    await scene.stage.rotate(scene.arn);
    scene.stage.time.now += 2 * day;
    await scene.stage.heal();
    return scene;
  };
}

export const onServers = { timeout: 400_000 };

/** On a server each death takes a while: every day some of them, and all where there is time. */
export const stride = process.env.NIGHTSHIFT_DATABASES === "1" ? 1 : 27;

/** Of every `stride` calls of the four steps each is the last once before it is made and once after, and ends well. */
export async function holds(name: string, setUp: () => Promise<Scene>, every = 1): Promise<void> {
  for (const [which, scene] of [
    ["first", setUp],
    ["second", second(setUp)],
  ] as const) {
    for (const healer of ["retry", "healing"] as const) {
      const matrix = await crashMatrix(scene, healer, every);
      tell(`${name}, ${which} rotation, ${healer === "retry" ? "called again" : "never called again"}`, matrix);
      expect(matrix.broken).toEqual([]);
      expect(matrix.deaths).toBeGreaterThan(40 / every);
    }
  }
}
