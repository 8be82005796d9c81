// What the simulated ElastiCache claims of users and how many passwords they have.

import {
  DescribeUsersCommand,
  type ElastiCacheClient,
  InvalidParameterValueException,
  InvalidUserStateFault,
  ListTagsForResourceCommand,
  ModifyUserCommand,
  UserNotFoundFault,
} from "@aws-sdk/client-elasticache";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface ElastiCacheConnection {
  send: ElastiCacheClient["send"];
  /** A user who is there, is active, and has one password. */
  userId: string;
  userName: string;
  /** Until the user is active again. */
  settled(): Promise<void>;
}

export type ConnectElastiCache = () => Promise<ElastiCacheConnection>;

export function elastiCacheContract(name: string, connect: ConnectElastiCache, exceptions: Exceptions = {}): void {
  describe(`${name}: ElastiCache`, () => {
    const claims = createClaims(name, exceptions);
    users(claims, connect);
    refused(claims, connect);
    claims.end();
  });
}

const password = (letter: string) => letter.repeat(40);

function modify({ send, userId }: ElastiCacheConnection, Passwords: string[]) {
  return send(new ModifyUserCommand({ UserId: userId, Passwords }));
}

async function count({ send, userId }: ElastiCacheConnection): Promise<number | undefined> {
  const { Users = [] } = await send(new DescribeUsersCommand({ UserId: userId }));
  return Users[0]?.Authentication?.PasswordCount;
}

function users({ claim }: Claims, connect: ConnectElastiCache): void {
  claim("describes a user by name, state, ARN and number of passwords", async () => {
    const { send, userId, userName } = await connect();
    const { Users } = await send(new DescribeUsersCommand({ UserId: userId }));
    expect(Users).toMatchObject([{ UserId: userId, UserName: userName, Status: "active" }]);
    expect(Users?.[0]?.Authentication).toMatchObject({ Type: "password", PasswordCount: 1 });
    expect(Users?.[0]?.ARN).toMatch(new RegExp(`^arn:aws:elasticache:[a-z0-9-]+:\\d{12}:user:${userId}$`));
  });
  claim("tells the tags of a user by its ARN", async () => {
    const { send, userId } = await connect();
    const { Users } = await send(new DescribeUsersCommand({ UserId: userId }));
    const { TagList } = await send(new ListTagsForResourceCommand({ ResourceName: Users?.[0]?.ARN }));
    expect(TagList).toEqual([{ Key: "team", Value: "shop" }]);
  });
  claim("gives a user two passwords, and then one", async () => {
    const connection = await connect();
    const modified = await modify(connection, [password("a"), password("b")]);
    expect(["modifying", "active"]).toContain(modified.Status);
    await connection.settled();
    expect(await count(connection)).toBe(2);
    await modify(connection, [password("b")]);
    await connection.settled();
    expect(await count(connection)).toBe(1);
  });
  claim("takes no second change before the first is done", async () => {
    const connection = await connect();
    await modify(connection, [password("a"), password("b")]);
    await expect(modify(connection, [password("c")])).rejects.toBeInstanceOf(InvalidUserStateFault);
  });
}

function refused({ claim }: Claims, connect: ConnectElastiCache): void {
  for (const [what, passwords] of [
    ["three passwords", [password("a"), password("b"), password("c")]],
    ["a password of 15 characters", ["x".repeat(15)]],
    ["a password of 129 characters", ["x".repeat(129)]],
  ] as const) {
    claim(`refuses ${what}`, async () => {
      const connection = await connect();
      await expect(modify(connection, [...passwords])).rejects.toBeInstanceOf(InvalidParameterValueException);
      await connection.settled();
      expect(await count(connection)).toBe(1);
    });
  }
  const UserId = "nobody";
  claim("does not describe a user who is not there", async () => {
    const { send } = await connect();
    await expect(send(new DescribeUsersCommand({ UserId }))).rejects.toBeInstanceOf(UserNotFoundFault);
  });
  claim("does not change a user who is not there", async () => {
    const { send } = await connect();
    const asked = send(new ModifyUserCommand({ UserId, Passwords: [password("a")] }));
    await expect(asked).rejects.toBeInstanceOf(UserNotFoundFault);
  });
}
