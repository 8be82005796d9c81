// A KMS that lives in memory, as far as it tells of keys. What it claims is a suite in test/contract, to which MiniStack and moto are held
// as well.

import {
  DescribeKeyCommand,
  type DescribeKeyCommandInput,
  type DescribeKeyCommandOutput,
  type KeyMetadata,
  type KMSClient,
  KMSServiceException,
  NotFoundException,
} from "@aws-sdk/client-kms";
import { day, type Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { dated, ok, refused, type Wire } from "./wire.ts";

/** A key as it stands: changed at will by whoever sets a scene. */
export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  /** `Enabled`, `Disabled`, `PendingDeletion`, …; any text, for the service may come to have another one. */
  state: string;
  /** Of one that is to be deleted; a month from now unless stated otherwise. */
  deletionAt: Instant | null;
  /** `CUSTOMER` or `AWS`. */
  manager: string;
  isMultiRegion: boolean;
}

export interface SimulatedKms {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: KMSClient["send"];
  readonly seam: Seam;
  /** An enabled one that a customer manages, unless stated otherwise. By an alias as well: `alias/shop`. */
  put(id: string, change?: Partial<Omit<KeyRecord, "id" | "arn">> & { alias?: string }): KeyRecord;
  remove(id: string): void;
}

interface Contents {
  now: () => Instant;
  account: string;
  region: string;
  keys: Map<string, KeyRecord>;
  /** The ids of keys by their aliases. */
  aliases: Map<string, string>;
}

export function createKms(options: { now: () => Instant; account: string; region: string }): SimulatedKms {
  const { now, account, region } = options;
  const contents: Contents = { ...options, keys: new Map(), aliases: new Map() };
  const seam = openSeam();
  const answer = (command: unknown) => {
    if (command instanceof DescribeKeyCommand) return describeKey(contents, command.input);
    throw new Error(`the simulated KMS does not implement ${commandName(command)}`);
  };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(seam, answer) as KMSClient["send"],
    seam,
    put(id, { alias, ...change } = {}) {
      const record: KeyRecord = {
        ...{ id, arn: `arn:aws:kms:${region}:${account}:key/${id}`, createdAt: now(), state: "Enabled" },
        ...{ deletionAt: now() + 30 * day, manager: "CUSTOMER", isMultiRegion: false, ...change },
      };
      contents.keys.set(id, record);
      if (alias !== undefined) contents.aliases.set(alias, id);
      return record;
    },
    remove: (id) => void contents.keys.delete(id),
  };
}

/** By id, ARN, alias or the ARN of an alias. */
function describeKey(contents: Contents, input: DescribeKeyCommandInput): Wire<DescribeKeyCommandOutput> {
  refuseParameters("KMS", "DescribeKeyCommand", input, ["KeyId"]);
  const { KeyId = "" } = input;
  const { id, alias } = partsOf(contents, KeyId);
  const found = contents.keys.get(alias === null ? id : (contents.aliases.get(alias) ?? ""));
  if (found === undefined) {
    const { region, account } = contents;
    const what = alias === null ? "Key" : "Alias";
    const arn = `arn:aws:kms:${region}:${account}:${alias === null ? `key/${id}` : alias}`;
    throw new NotFoundException({ message: `${what} '${arn}' does not exist`, ...refused });
  }
  return { ...ok, KeyMetadata: metadataOf(found, contents.account) };
}

function partsOf({ region, account }: Contents, name: string): { id: string; alias: string | null } {
  if (!name.startsWith("arn:")) return { id: name, alias: name.startsWith("alias/") ? name : null };
  const [, , , itsRegion, itsAccount, rest = ""] = name.split(":");
  if (itsRegion !== region) throw new NotFoundException({ message: `Invalid arn ${itsRegion}`, ...refused });
  if (itsAccount !== account) throw accessDenied(name);
  return { id: rest.replace(/^key\//, ""), alias: rest.startsWith("alias/") ? rest : null };
}

/** The service's client has no class for it: callers look at the name. */
function accessDenied(name: string): KMSServiceException {
  const message = `The ciphertext refers to a customer master key that does not exist, or you may not use ${name}.`;
  return new KMSServiceException({ name: "AccessDeniedException", message, $fault: "client", ...refused });
}

function metadataOf(record: KeyRecord, AWSAccountId: string): Wire<KeyMetadata> {
  const { state, deletionAt } = record;
  return {
    ...{ AWSAccountId, KeyId: record.id, Arn: record.arn, CreationDate: new Date(record.createdAt), Description: "" },
    ...{ Enabled: state === "Enabled", KeyState: state, KeyManager: record.manager, KeyUsage: "ENCRYPT_DECRYPT" },
    ...dated("DeletionDate", state === "PendingDeletion" ? deletionAt : null),
    ...{ Origin: "AWS_KMS", KeySpec: "SYMMETRIC_DEFAULT", MultiRegion: record.isMultiRegion },
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  };
}
