// What the simulated Secrets Manager claims of versions, labels, lists and rotation, as far as the functions ask.

import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

/** An account and region in which nobody else makes secrets. */
export interface SecretsConnection {
  send: SecretsManagerClient["send"];
  /** A function that may be named as the one that rotates; nobody calls it. */
  functionArn: string;
}

export type ConnectSecrets = () => Promise<SecretsConnection>;

export function secretsManagerContract(name: string, connect: ConnectSecrets, exceptions: Exceptions = {}): void {
  describe(`${name}: Secrets Manager`, () => {
    const claims = createClaims(name, exceptions);
    values(claims, connect);
    labels(claims, connect);
    rotations(claims, connect);
    claims.end();
  });
}

export const initial = "11111111-1111-4111-8111-111111111111";
const second = "22222222-2222-4222-8222-222222222222";
const third = "33333333-3333-4333-8333-333333333333";

export interface Made extends SecretsConnection {
  /** The version that it was made with. */
  first: string;
  arn: string;
  name: string;
}

/** A secret with one version. */
export async function made(connect: ConnectSecrets, more: { tags?: Record<string, string> } = {}): Promise<Made> {
  const connection = await connect();
  const name = `contract/${crypto.randomUUID()}`;
  const Tags = Object.entries(more.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const { ARN = "", VersionId = "" } = await connection.send(
    new CreateSecretCommand({ Name: name, SecretString: "one", ClientRequestToken: initial, Tags }),
  );
  return { ...connection, first: VersionId, arn: ARN, name };
}

const put = ({ send, arn }: Made, token: string, value: string, stages?: string[]) =>
  send(
    new PutSecretValueCommand({
      SecretId: arn,
      ClientRequestToken: token,
      SecretString: value,
      ...(stages && { VersionStages: stages }),
    }),
  );

const get = ({ send, arn }: Made, input: { VersionId?: string; VersionStage?: string } = {}) =>
  send(new GetSecretValueCommand({ SecretId: arn, ...input }));

const move = ({ send, arn }: Made, VersionStage: string, to: string | undefined, from: string | undefined) =>
  send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage,
      MoveToVersionId: to,
      RemoveFromVersionId: from,
    }),
  );

async function stages({ send, arn }: Made): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await send(new DescribeSecretCommand({ SecretId: arn }));
  return Object.fromEntries(Object.entries(VersionIdsToStages).map(([id, labels]) => [id, labels.toSorted()]));
}

function values({ claim }: Claims, connect: ConnectSecrets): void {
  claim("gives the current value unless it is asked for another, with its version and its date", async () => {
    const secret = await made(connect);
    const answer = await get(secret);
    expect(answer).toMatchObject({ SecretString: "one", VersionId: secret.first, VersionStages: ["AWSCURRENT"] });
    expect(answer.CreatedDate).toBeInstanceOf(Date);
  });
  claim("gives a value by version and label together, and only where both are right", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    const both = { VersionId: second, VersionStage: "AWSPENDING" };
    expect((await get(secret, both)).SecretString).toBe("two");
    await move(secret, "AWSPENDING", undefined, second);
    await expect(get(secret, both)).rejects.toBeInstanceOf(Error);
  });
  claim("does not find a label that no version has, nor a version that is not there", async () => {
    const secret = await made(connect);
    await expect(get(secret, { VersionStage: "AWSPENDING" })).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(get(secret, { VersionId: third })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
  claim("does not find a secret that is not there", async () => {
    const secret = await made(connect);
    const gone = { ...secret, arn: `${secret.name}-gone` };
    await expect(get(gone)).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
  claim("takes the same value for the same token again, and no other one", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    await put(secret, second, "two", ["AWSPENDING"]);
    await expect(put(secret, second, "other", ["AWSPENDING"])).rejects.toBeInstanceOf(ResourceExistsException);
    expect((await get(secret, { VersionStage: "AWSPENDING" })).SecretString).toBe("two");
  });
  claim("makes a value current at once when no labels are named", async () => {
    const secret = await made(connect);
    await put(secret, second, "two");
    expect(await stages(secret)).toEqual({ [secret.first]: ["AWSPREVIOUS"], [second]: ["AWSCURRENT"] });
  });
  claim("refuses a token of less than 32 characters", async () => {
    await expect(put(await made(connect), "short", "x")).rejects.toBeInstanceOf(Error);
  });
  claim("gives several values at once, and says which it could not", async () => {
    const secret = await made(connect);
    const other = await made(async () => secret);
    const gone = `${secret.name}-gone`;
    const ask = new BatchGetSecretValueCommand({ SecretIdList: [secret.arn, other.arn, gone] });
    const { SecretValues = [], Errors = [] } = await secret.send(ask);
    expect(SecretValues.map(({ ARN }) => ARN).toSorted()).toEqual([secret.arn, other.arn].toSorted());
    expect(Errors).toMatchObject([{ SecretId: gone, ErrorCode: "ResourceNotFoundException" }]);
  });
  claim("gives nothing of a secret that is marked for deletion", async () => {
    const secret = await made(connect);
    await secret.send(new DeleteSecretCommand({ SecretId: secret.arn }));
    await expect(get(secret)).rejects.toBeInstanceOf(InvalidRequestException);
  });
}

function labels({ claim }: Claims, connect: ConnectSecrets): void {
  claim("moves AWSCURRENT, and AWSPREVIOUS behind it", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    await move(secret, "AWSCURRENT", second, secret.first);
    const now = await stages(secret);
    expect(now[second]).toContain("AWSCURRENT");
    expect(now[secret.first]).toEqual(["AWSPREVIOUS"]);
    expect((await get(secret, { VersionStage: "AWSCURRENT" })).SecretString).toBe("two");
  });
  claim("refuses to move a label of which it is not told from where", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    await expect(move(secret, "AWSCURRENT", second, undefined)).rejects.toBeInstanceOf(InvalidParameterException);
    expect((await get(secret)).SecretString).toBe("one");
  });
  claim("refuses to move a label from where it is not", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    await put(secret, third, "three");
    await expect(move(secret, "AWSCURRENT", second, secret.first)).rejects.toBeInstanceOf(InvalidParameterException);
    expect((await get(secret)).SecretString).toBe("three");
  });
  claim("takes a label away from a version, which then is told no more", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    await move(secret, "AWSPENDING", undefined, second);
    expect(await stages(secret)).toEqual({ [secret.first]: ["AWSCURRENT"] });
  });
  claim("does not move a label to a version that is not there", async () => {
    await expect(move(await made(connect), "AWSCURRENT", third, initial)).rejects.toBeInstanceOf(Error);
  });
  claim("tells each version's date", async () => {
    const secret = await made(connect);
    await put(secret, second, "two", ["AWSPENDING"]);
    const { Versions = [] } = await secret.send(new ListSecretVersionIdsCommand({ SecretId: secret.arn }));
    expect(Versions.map(({ VersionId }) => VersionId).toSorted()).toEqual([secret.first, second].toSorted());
    for (const { CreatedDate } of Versions) expect(CreatedDate).toBeInstanceOf(Date);
  });
}

function rotations({ claim }: Claims, connect: ConnectSecrets): void {
  const rotate = ({ send, arn, functionArn }: Made, more: object = {}) =>
    send(
      new RotateSecretCommand({
        SecretId: arn,
        ClientRequestToken: second,
        RotationLambdaARN: functionArn,
        RotationRules: { AutomaticallyAfterDays: 88 },
        ...more,
      }),
    );
  claim("begins a rotation with a pending version that has no value yet", async () => {
    const secret = await made(connect);
    expect(await rotate(secret)).toMatchObject({ VersionId: second });
    expect((await stages(secret))[second]).toEqual(["AWSPENDING"]);
    await expect(get(secret, { VersionId: second, VersionStage: "AWSPENDING" })).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });
  claim("then takes a value for that version", async () => {
    const secret = await made(connect);
    await rotate(secret);
    await put(secret, second, "two", ["AWSPENDING"]);
    expect((await get(secret, { VersionId: second, VersionStage: "AWSPENDING" })).SecretString).toBe("two");
  });
  claim("refuses another rotation while one is pending", async () => {
    const secret = await made(connect);
    await rotate(secret);
    await put(secret, second, "two", ["AWSPENDING"]);
    await expect(rotate(secret, { ClientRequestToken: third })).rejects.toBeInstanceOf(InvalidRequestException);
  });
  claim("tells the rotation's function and rules", async () => {
    const secret = await made(connect);
    await rotate(secret);
    const told = await secret.send(new DescribeSecretCommand({ SecretId: secret.arn }));
    expect(told).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: secret.functionArn,
      RotationRules: { AutomaticallyAfterDays: 88 },
    });
  });
  claim("refuses days and an expression at once", async () => {
    const RotationRules = { AutomaticallyAfterDays: 5, ScheduleExpression: "rate(5 days)" };
    await expect(rotate(await made(connect), { RotationRules })).rejects.toBeInstanceOf(InvalidParameterException);
  });
  claim("refuses more than a thousand days", async () => {
    const RotationRules = { AutomaticallyAfterDays: 1_001 };
    await expect(rotate(await made(connect), { RotationRules })).rejects.toBeInstanceOf(InvalidParameterException);
  });
  claim("refuses to rotate without a function", async () => {
    const secret = await made(connect);
    const alone = new RotateSecretCommand({ SecretId: secret.arn, ClientRequestToken: second });
    await expect(secret.send(alone)).rejects.toBeInstanceOf(InvalidRequestException);
  });
}
