// An IAM that lives in memory, with the little of it that rotations use: users, their access keys, server certificates; and the
// STS that knows them. A key takes a moment until it is known everywhere. What it claims is a suite in test/contract.

import {
  CreateAccessKeyCommand,
  type CreateAccessKeyCommandInput,
  DeleteAccessKeyCommand,
  type DeleteAccessKeyCommandInput,
  GetAccessKeyLastUsedCommand,
  type GetAccessKeyLastUsedCommandInput,
  type IAMClient,
  LimitExceededException,
  ListAccessKeysCommand,
  type ListAccessKeysCommandInput,
  ListServerCertificatesCommand,
  type ListServerCertificatesCommandInput,
  ListUserTagsCommand,
  type ListUserTagsCommandInput,
  NoSuchEntityException,
  UpdateAccessKeyCommand,
  type UpdateAccessKeyCommandInput,
} from "@aws-sdk/client-iam";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface AccessKeyRecord {
  id: string;
  secret: string;
  user: string;
  status: "Active" | "Inactive";
  createdAt: Instant;
  /** From then on lists hold it, and STS knows it. */
  knownAt: Instant;
  usedAt: Instant | null;
}

export interface ServerCertificateRecord {
  id: string;
  name: string;
  uploadedAt: Instant;
  expiresAt: Instant;
}

export interface SimulatedIam {
  /** As the SDK client's. Throws an Error that names the command or parameter for what is not simulated. */
  send: IAMClient["send"];
  account: string;
  /** With these tags, and those that it has. */
  putUser(name: string, tags?: Readonly<Record<string, string>>): void;
  /** Whatever a scene wants of a user's keys; at once known everywhere. Throws Broken beyond two, and for a user that is not there. */
  putKey(user: string): AccessKeyRecord;
  putServerCertificate(name: string, expiresAt: Instant): void;
  /** Every key, in the order in which they were made; a scene may change them. */
  readonly keys: Map<string, AccessKeyRecord>;
  now: () => Instant;
}

interface Service {
  now: () => Instant;
  account: string;
  lagMs: () => number;
  users: Map<string, Readonly<Record<string, string>>>;
  keys: Map<string, AccessKeyRecord>;
  certificates: ServerCertificateRecord[];
  /** How many keys it has made: their ids and secrets are counted, because random ones would make two runs of a seed differ. */
  made: number;
}

/** `lagMs` says how long a new key takes until it is known everywhere; none unless stated. */
export function createIam(options: { now: () => Instant; account: string; lagMs?: () => number }): SimulatedIam {
  const { now, account, lagMs = () => 0 } = options;
  const service: Service = { now, account, lagMs, users: new Map(), keys: new Map(), certificates: [], made: 0 };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(service, command)) as IAMClient["send"],
    account,
    putUser: (name, tags) => void service.users.set(name, { ...service.users.get(name), ...tags }),
    putKey(user) {
      if (!service.users.has(user) || keysOf(service, user).length >= maximumKeys) {
        throw new Broken(`the user ${user} can have no further key`);
      }
      return makeKey(service, user, 0);
    },
    putServerCertificate(name, expiresAt) {
      const id = `ASCA${String(service.certificates.length + 1).padStart(17, "0")}`;
      service.certificates.push({ id, name, uploadedAt: now(), expiresAt });
    },
    keys: service.keys,
    now,
  };
}

function answer(service: Service, command: unknown): unknown {
  if (command instanceof CreateAccessKeyCommand) return createAccessKey(service, command.input);
  if (command instanceof ListAccessKeysCommand) return listAccessKeys(service, command.input);
  if (command instanceof UpdateAccessKeyCommand) return updateAccessKey(service, command.input);
  if (command instanceof DeleteAccessKeyCommand) return deleteAccessKey(service, command.input);
  if (command instanceof GetAccessKeyLastUsedCommand) return getAccessKeyLastUsed(service, command.input);
  if (command instanceof ListUserTagsCommand) return listUserTags(service, command.input);
  if (command instanceof ListServerCertificatesCommand) return listServerCertificates(service, command.input);
  throw new Error(`the simulated IAM does not implement ${commandName(command)}`);
}

const ok = { $metadata: { httpStatusCode: 200 } };
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const maximumKeys = 2;

function createAccessKey(service: Service, input: CreateAccessKeyCommandInput): object {
  refuseUnknown("CreateAccessKeyCommand", input, ["UserName"]);
  const user = userOf(service, input.UserName);
  if (keysOf(service, user).length >= maximumKeys) {
    const message = `Cannot exceed quota for AccessKeysPerUser: ${maximumKeys}`;
    throw new LimitExceededException({ message, $metadata: { httpStatusCode: 409 } });
  }
  const { id, secret, status, createdAt } = makeKey(service, user, service.lagMs());
  const CreateDate = new Date(createdAt);
  return { ...ok, AccessKey: { UserName: user, AccessKeyId: id, Status: status, SecretAccessKey: secret, CreateDate } };
}

function listAccessKeys(service: Service, input: ListAccessKeysCommandInput): object {
  refuseUnknown("ListAccessKeysCommand", input, ["UserName"]);
  const user = userOf(service, input.UserName);
  const known = keysOf(service, user).filter(({ knownAt }) => knownAt <= service.now());
  const AccessKeyMetadata = known.map(({ id, status, createdAt }) => ({
    ...{ UserName: user, AccessKeyId: id, Status: status, CreateDate: new Date(createdAt) },
  }));
  return { ...ok, AccessKeyMetadata, IsTruncated: false };
}

function updateAccessKey(service: Service, input: UpdateAccessKeyCommandInput): object {
  refuseUnknown("UpdateAccessKeyCommand", input, ["UserName", "AccessKeyId", "Status"]);
  const key = keyOf(service, userOf(service, input.UserName), input.AccessKeyId);
  if (input.Status !== "Active" && input.Status !== "Inactive") {
    throw new Error(`the simulated IAM does not implement Status ${input.Status} of UpdateAccessKeyCommand`);
  }
  key.status = input.Status;
  return ok;
}

function deleteAccessKey(service: Service, input: DeleteAccessKeyCommandInput): object {
  refuseUnknown("DeleteAccessKeyCommand", input, ["UserName", "AccessKeyId"]);
  service.keys.delete(keyOf(service, userOf(service, input.UserName), input.AccessKeyId).id);
  return ok;
}

/** Of a key that was never used it says so in words, and has no date. */
function getAccessKeyLastUsed(service: Service, input: GetAccessKeyLastUsedCommandInput): object {
  refuseUnknown("GetAccessKeyLastUsedCommand", input, ["AccessKeyId"]);
  const key = service.keys.get(input.AccessKeyId ?? "");
  if (key === undefined) throw noSuchKey(input.AccessKeyId);
  const used = { ServiceName: "sts", Region: "us-east-1" };
  const AccessKeyLastUsed =
    key.usedAt === null ? { ServiceName: "N/A", Region: "N/A" } : { ...used, LastUsedDate: new Date(key.usedAt) };
  return { ...ok, UserName: key.user, AccessKeyLastUsed };
}

function listUserTags(service: Service, input: ListUserTagsCommandInput): object {
  refuseUnknown("ListUserTagsCommand", input, ["UserName"]);
  const tags = service.users.get(userOf(service, input.UserName)) ?? {};
  return { ...ok, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), IsTruncated: false };
}

function listServerCertificates(service: Service, input: ListServerCertificatesCommandInput): object {
  refuseUnknown("ListServerCertificatesCommand", input, ["Marker", "MaxItems"]);
  const from = Number(input.Marker ?? "0");
  const to = from + (input.MaxItems ?? 100);
  const ServerCertificateMetadataList = service.certificates.slice(from, to).map((certificate) => ({
    Path: "/",
    ServerCertificateName: certificate.name,
    ServerCertificateId: certificate.id,
    Arn: `arn:aws:iam::${service.account}:server-certificate/${certificate.name}`,
    UploadDate: new Date(certificate.uploadedAt),
    Expiration: new Date(certificate.expiresAt),
  }));
  const IsTruncated = to < service.certificates.length;
  return { ...ok, ServerCertificateMetadataList, IsTruncated, ...(IsTruncated ? { Marker: String(to) } : {}) };
}

function makeKey(service: Service, user: string, lagMs: number): AccessKeyRecord {
  const number = String(++service.made);
  const createdAt = service.now();
  const key: AccessKeyRecord = {
    ...{ id: `AKIA${number.padStart(16, "0")}`, secret: `simulated-${number.padStart(30, "0")}`, user },
    ...{ status: "Active", createdAt, knownAt: createdAt + lagMs, usedAt: null },
  };
  service.keys.set(key.id, key);
  return key;
}

function keysOf({ keys }: Service, user: string): AccessKeyRecord[] {
  return [...keys.values()].filter((key) => key.user === user);
}

function userOf({ users }: Service, name: string | undefined): string {
  if (name === undefined) throw new Error("the simulated IAM does not implement keys of the caller's own user");
  if (users.has(name)) return name;
  const message = `The user with name ${name} cannot be found.`;
  throw new NoSuchEntityException({ message, $metadata: { httpStatusCode: 404 } });
}

function keyOf({ keys }: Service, user: string, id: string | undefined): AccessKeyRecord {
  const key = keys.get(id ?? "");
  if (key?.user === user) return key;
  throw noSuchKey(id);
}

function noSuchKey(id: string | undefined): NoSuchEntityException {
  const message = `The Access Key with id ${id} cannot be found.`;
  return new NoSuchEntityException({ message, $metadata: { httpStatusCode: 404 } });
}

function refuseUnknown(command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated IAM does not implement ${name} of ${command}`);
    }
  }
}
