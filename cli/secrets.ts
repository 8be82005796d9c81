import { Refused, Unavailable } from "../shared/failures.ts";
import { type Described, describeIfThere } from "../shared/secrets/described.ts";
import { type Failure, isFailure, isPassing } from "../shared/secrets/failure.ts";
import { rotationOf } from "../shared/secrets/rotation.ts";
import { strategyNameOf } from "../shared/secrets/strategies.ts";
import type { Rotation, Strategy } from "../shared/secrets/strategy.ts";
import { kindTag } from "../shared/secrets/tags.ts";
import type { Value } from "../shared/secrets/value.ts";
import { quoted } from "../shared/text.ts";
import type { Cloud } from "./aws.ts";

/** By name or ARN. Throws `Refused` when there is none. */
export async function secretNamed({ outside, region, account }: Cloud, id: string): Promise<Described> {
  const described = await describeIfThere(outside.secrets, id);
  if (described !== null) return described;
  throw new Refused(`there is no secret ${quoted(id)} in account ${account}, region ${region}`);
}

/** The strategy of a secret by its tags, its kind and what it holds. */
export async function strategyOf(
  { configuration, strategyNamed }: Cloud,
  secret: Described,
  value: Value,
): Promise<Strategy | Failure> {
  const name = strategyNameOf({ kind: secret.tags[kindTag] ?? "", tags: secret.tags }, value, configuration);
  return isFailure(name) ? name : await strategyNamed(name);
}

/** A rotation as a strategy sees it that is only asked, and never lets it note anything. */
export function questionOf(cloud: Cloud, { arn, name, tags }: Described, token: string): Rotation {
  return rotationOf(cloud, {
    ...{ secret: { arn, name, kind: tags[kindTag] ?? "", tags }, token, notes: {} },
    note: async () => {
      throw new Refused("what only asks notes nothing");
    },
  });
}

/** In one line: exit 3 for what may go away by itself, 2 for what will not. */
export function thrown({ name }: Described, failure: Failure): Refused | Unavailable {
  const text = `${name}: ${failure.message} (${failure.failed}); ${failure.remedy}`;
  return isPassing(failure) || failure.failed === "tls" ? new Unavailable(text) : new Refused(text);
}
