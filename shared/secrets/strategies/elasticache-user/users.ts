import { DescribeUsersCommand, ModifyUserCommand } from "@aws-sdk/client-elasticache";
import { errorName, refusedBy } from "../../aws.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Rotation } from "../../strategy.ts";
import { userTag } from "../../tags.ts";
import { type Fields, fieldsOf, textField, type Value } from "../../value.ts";

/** Whose password a secret holds. */
export interface CacheUser {
  id: string;
  name: string;
  password: string;
  fields: Fields;
}

/**
 * Reads `username`, `password` and `user_arn`, as AWS's own template does. ElastiCache gives whoever may change a user any password,
 * and asks for no old one. So the user's id stands in a tag as well: who may write a secret's value must not choose whose it is.
 */
export function cacheUserOf({ secret: { tags } }: Pick<Rotation, "secret">, value: Value): CacheUser | Failure {
  const fields = fieldsOf(value);
  if (isFailure(fields)) return fields;
  const name = textField(fields, "username");
  if (isFailure(name)) return name;
  const password = textField(fields, "password");
  if (isFailure(password)) return password;
  const arn = textField(fields, "user_arn");
  if (isFailure(arn)) return arn;
  const id = /^arn:[^:]+:elasticache:[^:]*:\d*:user:([A-Za-z][A-Za-z0-9-]*)$/.exec(arn)?.[1];
  if (id === undefined) return failure("malformed", "its field user_arn is no ARN of a user", "correct user_arn");
  if (tags[userTag] !== id) {
    const remedy = `tag the secret ${userTag} with the user's id, as its field user_arn states it`;
    return failure("policy", `its tag ${userTag} does not name the user of its value`, remedy);
  }
  return { id, name, password, fields };
}

export interface Described {
  arn: string;
  isActive: boolean;
  passwords: number;
}

/** The user as it is, which must have the name that the secret states. */
export async function describeUser(rotation: Rotation, user: CacheUser): Promise<Described | Failure> {
  try {
    const { Users = [] } = await rotation.outside.elasticache.send(new DescribeUsersCommand({ UserId: user.id }));
    const [found] = Users;
    if (found?.UserName !== user.name) {
      return failure("malformed", "its field username is not the name of that user", "correct username or user_arn");
    }
    const { ARN: arn = "", Status, Authentication } = found;
    return { arn, isActive: Status === "active", passwords: Authentication?.PasswordCount ?? 0 };
  } catch (error) {
    return cacheFailure("elasticache:DescribeUsers", error);
  }
}

/** Lets the user in with these passwords and no others, and waits until that is so. */
export async function letIn(
  rotation: Rotation,
  user: CacheUser,
  passwords: readonly string[],
): Promise<Failure | null> {
  // A change that a run before this one began is still under way, and ElastiCache takes no second one.
  const before = await untilActive(rotation, user);
  if (isFailure(before)) return before;
  try {
    await rotation.outside.elasticache.send(new ModifyUserCommand({ UserId: user.id, Passwords: [...passwords] }));
  } catch (error) {
    return cacheFailure("elasticache:ModifyUser", error);
  }
  const after = await untilActive(rotation, user);
  if (isFailure(after)) return after;
  if (after.passwords === passwords.length) return null;
  return failure("policy", "somebody else changed the user's passwords meanwhile", "start the rotation again");
}

async function untilActive(rotation: Rotation, user: CacheUser): Promise<Described | Failure> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const described = await describeUser(rotation, user);
    if (isFailure(described) || described.isActive) return described;
    await rotation.outside.pause(attempt);
  }
  return failure("service", "the user did not become active in time", "nothing; it is tried again");
}

// Most changes take seconds; Secrets Manager comes again for those that take longer.
const maximumAttempts = 240;

function cacheFailure(action: string, error: unknown): Failure {
  switch (errorName(error)) {
    case "UserNotFoundFault":
    case "UserNotFound":
      return failure("malformed", "there is no such ElastiCache user", "correct user_arn");
    case "InvalidUserStateFault":
    case "InvalidUserState":
      return failure("service", "the user is being changed by somebody else", "nothing; it is tried again");
    case "InvalidParameterValueException":
    case "InvalidParameterValue":
      return failure("policy", "ElastiCache does not take these passwords", "store one of 16 to 128 characters");
    default:
      return refusedBy("ElastiCache", action, error);
  }
}
