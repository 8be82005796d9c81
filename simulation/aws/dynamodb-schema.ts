import type {
  AttributeDefinition,
  CreateTableCommandInput,
  KeySchemaElement,
  Projection,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Instant } from "../../shared/instant.ts";
import { refuseUnknownParameters, validation } from "./dynamodb-errors.ts";

export type KeyType = "S" | "N" | "B";

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

export interface KeySchema {
  partition: KeyAttribute;
  sort: KeyAttribute | null;
}

export interface IndexSchema {
  name: string;
  key: KeySchema;
  /** Attributes that the index holds beside the keys; null for all. */
  projected: ReadonlySet<string> | null;
}

export interface TableSchema {
  name: string;
  key: KeySchema;
  indexes: readonly IndexSchema[];
  description: TableDescription;
}

/** What a CreateTable request asks for. Throws a ValidationException for keys that are not defined, or defined in vain. */
export function readSchema(input: CreateTableCommandInput, at: Instant): TableSchema {
  refuseUnknownParameters("CreateTableCommand", input, knownParameters);
  const name = input.TableName ?? "";
  if (!/^[\w.-]{3,255}$/.test(name)) {
    throw validation(
      "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, " +
        "and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    );
  }
  const types = readTypes(input.AttributeDefinitions ?? []);
  const key = readKey(input.KeySchema ?? [], types);
  const indexes = (input.GlobalSecondaryIndexes ?? []).map((index) => {
    const indexKey = readKey(index.KeySchema ?? [], types);
    return { name: index.IndexName ?? "", key: indexKey, projected: readProjected(index.Projection, key, indexKey) };
  });
  const used = new Set([key, ...indexes.map((index) => index.key)].flatMap(keyNames));
  if (used.size < types.size) {
    throw validation(
      "One or more parameter values were invalid: Number of attributes in KeySchema does not " +
        "exactly match number of attributes defined in AttributeDefinitions",
    );
  }
  return { name, key, indexes, description: describe(input, at) };
}

/** The names of the key attributes, partition first. */
export function keyNames(key: KeySchema): string[] {
  return key.sort === null ? [key.partition.name] : [key.partition.name, key.sort.name];
}

/** Billing, encryption, protection and tags have no effect that the simulation could show. */
const knownParameters: ReadonlySet<string> = new Set([
  "TableName",
  "AttributeDefinitions",
  "KeySchema",
  "GlobalSecondaryIndexes",
  "BillingMode",
  "ProvisionedThroughput",
  "StreamSpecification",
  "SSESpecification",
  "DeletionProtectionEnabled",
  "Tags",
]);

function readTypes(definitions: readonly AttributeDefinition[]): ReadonlyMap<string, KeyType> {
  return new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName ?? "", keyType(AttributeType)]));
}

function keyType(type: string | undefined): KeyType {
  if (type === "S" || type === "N" || type === "B") {
    return type;
  }
  throw validation("Member must satisfy enum value set: [B, N, S]");
}

function readKey(elements: readonly KeySchemaElement[], types: ReadonlyMap<string, KeyType>): KeySchema {
  const [partition, sort] = elements;
  if (partition?.KeyType !== "HASH" || elements.length > 2 || (sort !== undefined && sort.KeyType !== "RANGE")) {
    throw validation(
      "Invalid key order. Hash Key must be specified first in key schema, Range Key must be specifed second",
    );
  }
  return {
    partition: keyAttribute(partition, types),
    sort: sort === undefined ? null : keyAttribute(sort, types),
  };
}

function keyAttribute(element: KeySchemaElement, types: ReadonlyMap<string, KeyType>): KeyAttribute {
  const name = element.AttributeName ?? "";
  const type = types.get(name);
  if (type === undefined) {
    throw validation(
      "One or more parameter values were invalid: " +
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`,
    );
  }
  return { name, type };
}

function readProjected(projection: Projection | undefined, table: KeySchema, index: KeySchema): Set<string> | null {
  if (projection?.ProjectionType === "ALL") {
    return null;
  }
  return new Set([...keyNames(table), ...keyNames(index), ...(projection?.NonKeyAttributes ?? [])]);
}

function describe(input: CreateTableCommandInput, at: Instant): TableDescription {
  return {
    TableName: input.TableName,
    TableStatus: "ACTIVE",
    TableArn: `arn:aws:dynamodb:us-east-1:123456789012:table/${input.TableName}`,
    AttributeDefinitions: input.AttributeDefinitions,
    KeySchema: input.KeySchema,
    CreationDateTime: new Date(at),
    GlobalSecondaryIndexes: input.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
      IndexStatus: "ACTIVE",
    })),
    StreamSpecification: input.StreamSpecification,
  };
}
