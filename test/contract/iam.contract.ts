// What the simulated IAM claims of access keys and server certificates, and the simulated STS of who a key belongs to.

import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  type IAMClient,
  LimitExceededException,
  ListAccessKeysCommand,
  ListServerCertificatesCommand,
  ListUserTagsCommand,
  NoSuchEntityException,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect } from "vitest";
import type { Outside } from "../../shared/secrets/outside.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface IamConnection {
  send: IAMClient["send"];
  sts: Outside["sts"];
  /** A user who is there, and has no key yet. */
  user: string;
  putServerCertificate(name: string): Promise<void>;
}

export type ConnectIam = () => Promise<IamConnection>;

export function iamContract(name: string, connect: ConnectIam, exceptions: Exceptions = {}): void {
  describe(`${name}: IAM and STS`, () => {
    const claims = createClaims(name, exceptions);
    keys(claims, connect);
    refusals(claims, connect);
    identities(claims, connect);
    certificates(claims, connect);
    claims.end();
  });
}

async function makeKey({ send, user }: IamConnection) {
  const { AccessKey } = await send(new CreateAccessKeyCommand({ UserName: user }));
  return { id: AccessKey?.AccessKeyId ?? "", secret: AccessKey?.SecretAccessKey ?? "" };
}

async function listed({ send, user }: IamConnection) {
  const { AccessKeyMetadata = [] } = await send(new ListAccessKeysCommand({ UserName: user }));
  return AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]);
}

function keys({ claim }: Claims, connect: ConnectIam): void {
  claim("tells the tags of a user", async () => {
    const { send, user } = await connect();
    const { Tags, IsTruncated } = await send(new ListUserTagsCommand({ UserName: user }));
    expect({ Tags, isTruncated: IsTruncated ?? false }).toEqual({
      Tags: [{ Key: "team", Value: "shop" }],
      isTruncated: false,
    });
  });
  claim("makes a key that is active, and lists it without its secret", async () => {
    const connection = await connect();
    const { send, user } = connection;
    const { AccessKey } = await send(new CreateAccessKeyCommand({ UserName: user }));
    expect(AccessKey).toMatchObject({ UserName: user, Status: "Active" });
    expect(AccessKey?.AccessKeyId).toMatch(/^\w{16,128}$/);
    const { AccessKeyMetadata, IsTruncated } = await send(new ListAccessKeysCommand({ UserName: user }));
    expect(IsTruncated ?? false).toBe(false);
    expect(AccessKeyMetadata).toMatchObject([
      { UserName: user, AccessKeyId: AccessKey?.AccessKeyId, Status: "Active" },
    ]);
    expect(AccessKeyMetadata?.[0]?.CreateDate).toBeInstanceOf(Date);
    expect(JSON.stringify(AccessKeyMetadata)).not.toContain(AccessKey?.SecretAccessKey);
  });
  claim("deactivates one key and leaves the other", async () => {
    const connection = await connect();
    const [one, other] = [await makeKey(connection), await makeKey(connection)];
    const update = new UpdateAccessKeyCommand({ UserName: connection.user, AccessKeyId: one.id, Status: "Inactive" });
    await connection.send(update);
    await connection.send(update);
    expect((await listed(connection)).toSorted()).toEqual(
      [
        [one.id, "Inactive"],
        [other.id, "Active"],
      ].toSorted(),
    );
  });
  claim("deletes one key and leaves the other", async () => {
    const connection = await connect();
    const [one, other] = [await makeKey(connection), await makeKey(connection)];
    await connection.send(new DeleteAccessKeyCommand({ UserName: connection.user, AccessKeyId: one.id }));
    expect(await listed(connection)).toEqual([[other.id, "Active"]]);
  });
  claim("tells of a key that was never used no date of its last use", async () => {
    const connection = await connect();
    const { id } = await makeKey(connection);
    const answer = await connection.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(answer.UserName).toBe(connection.user);
    expect(answer.AccessKeyLastUsed?.LastUsedDate).toBeUndefined();
  });
  claim("tells of a key that was used when that was", async () => {
    const connection = await connect();
    const { id, secret } = await makeKey(connection);
    await connection.sts({ accessKeyId: id, secretAccessKey: secret }).send(new GetCallerIdentityCommand({}));
    const answer = await connection.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(answer.AccessKeyLastUsed?.LastUsedDate).toBeInstanceOf(Date);
  });
}

function refusals({ claim }: Claims, connect: ConnectIam): void {
  claim("refuses a third key of one user", async () => {
    const connection = await connect();
    await makeKey(connection);
    await makeKey(connection);
    await expect(makeKey(connection)).rejects.toBeInstanceOf(LimitExceededException);
    expect(await listed(connection)).toHaveLength(2);
  });
  claim("refuses the keys of a user who is not there", async () => {
    const { send } = await connect();
    const UserName = `nobody-${crypto.randomUUID()}`;
    await expect(send(new CreateAccessKeyCommand({ UserName }))).rejects.toBeInstanceOf(NoSuchEntityException);
    await expect(send(new ListAccessKeysCommand({ UserName }))).rejects.toBeInstanceOf(NoSuchEntityException);
  });
  const AccessKeyId = "AKIA0000000000000000";
  claim("refuses to deactivate a key that is not there", async () => {
    const { send, user: UserName } = await connect();
    const update = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" });
    await expect(send(update)).rejects.toBeInstanceOf(NoSuchEntityException);
  });
  claim("refuses to delete a key that is not there", async () => {
    const { send, user: UserName } = await connect();
    const remove = new DeleteAccessKeyCommand({ UserName, AccessKeyId });
    await expect(send(remove)).rejects.toBeInstanceOf(NoSuchEntityException);
  });
}

function identities({ claim }: Claims, connect: ConnectIam): void {
  claim("says of a key whose it is", async () => {
    const connection = await connect();
    const { id, secret } = await makeKey(connection);
    const sts = connection.sts({ accessKeyId: id, secretAccessKey: secret });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(new RegExp(`^arn:aws:iam::\\d{12}:user/${connection.user}$`));
  });
  claim("does not know a key that is deactivated", async () => {
    const connection = await connect();
    const { id, secret } = await makeKey(connection);
    const { send, user: UserName } = connection;
    await send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: id, Status: "Inactive" }));
    const asked = connection.sts({ accessKeyId: id, secretAccessKey: secret }).send(new GetCallerIdentityCommand({}));
    await expect(asked).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });
  claim("does not take a wrong secret", async () => {
    const connection = await connect();
    const { id } = await makeKey(connection);
    const asked = connection.sts({ accessKeyId: id, secretAccessKey: "wrong" }).send(new GetCallerIdentityCommand({}));
    await expect(asked).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });
}

function certificates({ claim }: Claims, connect: ConnectIam): void {
  claim("lists server certificates with their ends", async () => {
    const connection = await connect();
    const name = `shop-${crypto.randomUUID()}`;
    await connection.putServerCertificate(name);
    const { ServerCertificateMetadataList = [] } = await connection.send(new ListServerCertificatesCommand({}));
    const found = ServerCertificateMetadataList.find(({ ServerCertificateName }) => ServerCertificateName === name);
    expect(found?.Arn).toMatch(new RegExp(`^arn:aws:iam::\\d{12}:server-certificate/${name}$`));
    expect(found?.Expiration).toBeInstanceOf(Date);
  });
  claim("gives server certificates in pages of the size that was asked for", async () => {
    const connection = await connect();
    const names = [1, 2, 3].map((number) => `page-${number}-${crypto.randomUUID()}`);
    for (const name of names) await connection.putServerCertificate(name);
    const found: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page: {
        Marker?: string | undefined;
        ServerCertificateMetadataList?: { ServerCertificateName?: string | undefined }[] | undefined;
      } = await connection.send(
        new ListServerCertificatesCommand({ MaxItems: 2, ...(Marker === undefined ? {} : { Marker }) }),
      );
      expect(page.ServerCertificateMetadataList?.length).toBeLessThanOrEqual(2);
      found.push(
        ...(page.ServerCertificateMetadataList ?? []).map(({ ServerCertificateName }) => ServerCertificateName),
      );
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(found.filter((name) => names.includes(name ?? "")).toSorted()).toEqual(names.toSorted());
  });
}
