import type { AccessKeyRecord } from "../../../simulation/aws/iam.ts";
import { createIam, type SimulatedIam } from "../../../simulation/aws/iam.ts";
import { createSts } from "../../../simulation/aws/sts.ts";
import { type Stage, setStage } from "./stage.ts";

export const user = "reports";

export interface Scene {
  stage: Stage;
  iam: SimulatedIam;
  first: AccessKeyRecord;
}

/** A secret that holds the only key of its user, in a simulated IAM. */
export async function setScene({
  lagMs = 0,
  text = (own: object) => own,
}: {
  lagMs?: number;
  text?: (own: object) => object;
} = {}): Promise<Scene> {
  let time = () => 0;
  const iam = createIam({ now: () => time(), account: "111122223333", lagMs: () => lagMs });
  iam.putUser(user, { "nightshift:rotated": "true" });
  iam.putUser("administrator");
  // The stage's clock is not there before the stage; until then it is the same first moment.
  time = () => Date.UTC(2027, 0, 1);
  const first = iam.putKey(user);
  const stage = await setStage({
    text: JSON.stringify(text({ userName: user, accessKeyId: first.id, secretAccessKey: first.secret, region: "eu" })),
    kind: "service-account",
    outside: (now) => {
      time = now;
      return { iam, sts: createSts(iam) };
    },
  });
  return { stage, iam, first };
}
