// An ElastiCache that lives in memory, with the little of it that rotations use: users, and the passwords with which they are let
// in. A change takes a moment, during which no other is taken. What it claims is a suite in test/contract.

import {
  DescribeUsersCommand,
  type DescribeUsersCommandInput,
  type ElastiCacheClient,
  InvalidParameterCombinationException,
  InvalidParameterValueException,
  InvalidUserStateFault,
  ListTagsForResourceCommand,
  type ListTagsForResourceCommandInput,
  ModifyUserCommand,
  type ModifyUserCommandInput,
  UserNotFoundFault,
} from "@aws-sdk/client-elasticache";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";

export interface CacheUserRecord {
  id: string;
  name: string;
  tags: Readonly<Record<string, string>>;
  /** Those that are valid once the change is done. */
  passwords: readonly string[];
  /** Those that are valid until then. */
  passwordsBefore: readonly string[];
  activeAt: Instant;
}

export interface SimulatedElastiCache {
  /** As the SDK client's. Throws an Error that names the command or parameter for what is not simulated. */
  send: ElastiCacheClient["send"];
  /** Creates or replaces; active at once. */
  putUser(id: string, name: string, passwords: readonly string[], tags?: CacheUserRecord["tags"]): void;
  /** Whether somebody with this password is let in now. */
  accepts(id: string, password: string): boolean;
}

interface Service {
  now: () => Instant;
  changeMs: () => number;
  users: Map<string, CacheUserRecord>;
}

/** `changeMs` says how long a change takes; no time unless stated. */
export function createElastiCache(options: { now: () => Instant; changeMs?: () => number }): SimulatedElastiCache {
  const service: Service = { now: options.now, changeMs: options.changeMs ?? (() => 0), users: new Map() };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(service, command)) as ElastiCacheClient["send"],
    putUser(id, name, passwords, tags = {}) {
      service.users.set(id, { id, name, tags, passwords, passwordsBefore: passwords, activeAt: service.now() });
    },
    accepts(id, password) {
      const user = service.users.get(id);
      if (user === undefined) return false;
      const valid = isActive(service, user) ? user.passwords : user.passwordsBefore;
      return valid.includes(password);
    },
  };
}

function answer(service: Service, command: unknown): unknown {
  if (command instanceof DescribeUsersCommand) return describeUsers(service, command.input);
  if (command instanceof ModifyUserCommand) return modifyUser(service, command.input);
  if (command instanceof ListTagsForResourceCommand) return listTags(service, command.input);
  throw new Error(`the simulated ElastiCache does not implement ${commandName(command)}`);
}

function describeUsers(service: Service, input: DescribeUsersCommandInput): object {
  refuseParameters("ElastiCache", "DescribeUsersCommand", input, ["UserId"]);
  return { $metadata: { httpStatusCode: 200 }, Users: [shown(service, userOf(service, input.UserId))] };
}

function listTags({ users }: Service, input: ListTagsForResourceCommandInput): object {
  refuseParameters("ElastiCache", "ListTagsForResourceCommand", input, ["ResourceName"]);
  const arn = input.ResourceName ?? "";
  const user = [...users.values()].find(({ id }) => arn === arnOf(id));
  if (user === undefined)
    throw new UserNotFoundFault({ message: `User ${arn} not found.`, $metadata: { httpStatusCode: 404 } });
  const TagList = Object.entries(user.tags).map(([Key, Value]) => ({ Key, Value }));
  return { $metadata: { httpStatusCode: 200 }, TagList };
}

function arnOf(id: string): string {
  return `arn:aws:elasticache:eu-west-1:111122223333:user:${id}`;
}

// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUser.html
const maximumPasswords = 2;

function modifyUser(service: Service, input: ModifyUserCommandInput): object {
  refuseParameters("ElastiCache", "ModifyUserCommand", input, ["UserId", "Passwords"]);
  const { Passwords = [] } = input;
  const user = userOf(service, input.UserId);
  if (Passwords.length === 0) {
    throw new InvalidParameterCombinationException({ message: "No modifications were requested", $metadata: refused });
  }
  if (Passwords.length > maximumPasswords) throw invalid("Maximum number of passwords is 2");
  if (Passwords.some((password) => password.length < 16 || password.length > 128)) {
    throw invalid("Passwords length must be between 16-128 characters");
  }
  if (!isActive(service, user)) {
    throw new InvalidUserStateFault({ message: `User ${user.id} is not in active state.`, $metadata: refused });
  }
  user.passwordsBefore = user.passwords;
  user.passwords = [...new Set(Passwords)];
  user.activeAt = service.now() + service.changeMs();
  return { $metadata: { httpStatusCode: 200 }, ...shown(service, user) };
}

const refused = { httpStatusCode: 400 };

function shown(service: Service, user: CacheUserRecord): object {
  return {
    UserId: user.id,
    UserName: user.name,
    Status: isActive(service, user) ? "active" : "modifying",
    Authentication: { Type: "password", PasswordCount: user.passwords.length },
    ARN: arnOf(user.id),
  };
}

function isActive({ now }: Service, { activeAt }: CacheUserRecord): boolean {
  return activeAt <= now();
}

function userOf({ users }: Service, id: string | undefined): CacheUserRecord {
  if (id === undefined) throw new Error("the simulated ElastiCache does not implement a list of all users");
  const user = users.get(id);
  if (user !== undefined) return user;
  throw new UserNotFoundFault({ message: `User ${id} not found.`, $metadata: { httpStatusCode: 404 } });
}

function invalid(message: string): InvalidParameterValueException {
  return new InvalidParameterValueException({ message, $metadata: refused });
}
