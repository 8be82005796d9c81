// An AWS Config that lives in memory: whether it records, and what of the resources it has recorded, asked in its SQL.

import {
  type ConfigServiceClient,
  type ConfigurationRecorderStatus,
  DescribeConfigurationRecorderStatusCommand,
  type DescribeConfigurationRecorderStatusCommandInput,
  type DescribeConfigurationRecorderStatusCommandOutput,
  InvalidExpressionException,
  InvalidLimitException,
  InvalidNextTokenException,
  SelectResourceConfigCommand,
  type SelectResourceConfigCommandInput,
  type SelectResourceConfigCommandOutput,
} from "@aws-sdk/client-config-service";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing } from "./listing.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { dated, ok, refused, stated, type Tags, type Wire } from "./wire.ts";

/** A resource as it is recorded: changed at will by whoever sets a scene. It stays, when nothing is recorded any more, as it was then. */
export interface RecordedRecord {
  readonly arn: string;
  /** As Config names it: `AWS::RDS::DBInstance`. */
  readonly resourceType: string;
  resourceId: string;
  resourceName: string;
  awsRegion: string;
  tags: Tags;
  configuration: Readonly<Record<string, unknown>>;
}

export interface RecorderRecord {
  name: string;
  isRecording: boolean;
  /** `Success`, `Failure`, `Pending`. */
  lastStatus: string;
  lastStartAt: Instant | null;
}

export interface SimulatedConfig {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ConfigServiceClient["send"];
  readonly seam: Seam;
  /** Null in a region in which Config was never set up. */
  recorder: RecorderRecord | null;
  put(
    arn: string,
    resourceType: string,
    change?: Partial<Omit<RecordedRecord, "arn" | "resourceType">>,
  ): RecordedRecord;
  readonly resources: Listing<RecordedRecord>;
}

export function createConfig(options: { now: () => Instant; account: string; region: string }): SimulatedConfig {
  const { now, region } = options;
  const seam = openSeam();
  const simulated: SimulatedConfig = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(seam, (command) => answer(simulated, options, command)) as ConfigServiceClient["send"],
    seam,
    recorder: { name: "default", isRecording: true, lastStatus: "Success", lastStartAt: now() },
    resources: new Listing(),
    put(arn, resourceType, change = {}) {
      const resourceId = arn.split(/[:/]/).at(-1) ?? arn;
      const record: RecordedRecord = {
        ...{ arn, resourceType, resourceId, resourceName: resourceId, awsRegion: region, tags: {} },
        ...{ configuration: {}, ...change },
      };
      simulated.resources.add(record);
      return record;
    },
  };
  return simulated;
}

interface Home {
  account: string;
  region: string;
}

function answer(simulated: SimulatedConfig, home: Home, command: unknown): object {
  if (command instanceof DescribeConfigurationRecorderStatusCommand) {
    return describeRecorder(simulated, home, command.input);
  }
  if (command instanceof SelectResourceConfigCommand) return select(simulated, home, command.input);
  throw new Error(`the simulated Config does not implement ${commandName(command)}`);
}

function describeRecorder(
  { recorder }: SimulatedConfig,
  { account, region }: Home,
  input: DescribeConfigurationRecorderStatusCommandInput,
): Wire<DescribeConfigurationRecorderStatusCommandOutput> {
  refuseParameters("Config", "DescribeConfigurationRecorderStatusCommand", input, []);
  if (recorder === null) return { ...ok, ConfigurationRecordersStatus: [] };
  const { name, isRecording, lastStatus, lastStartAt } = recorder;
  const status: Wire<ConfigurationRecorderStatus> = {
    arn: `arn:aws:config:${region}:${account}:configuration-recorder/${name}/0000000000000001`,
    ...{ name, recording: isRecording, lastStatus, ...dated("lastStartTime", lastStartAt) },
  };
  return { ...ok, ConfigurationRecordersStatus: [status] };
}

// Source: API reference, SelectResourceConfig, and its page of limits.
const usualLimit = 25;
const mostLimit = 100;

/** Where nothing was ever recorded it finds nothing, and does not say why. */
function select(
  { seam, resources }: SimulatedConfig,
  { account }: Home,
  input: SelectResourceConfigCommandInput,
): SelectResourceConfigCommandOutput {
  const command = "SelectResourceConfigCommand";
  refuseParameters("Config", command, input, ["Expression", "Limit", "NextToken"]);
  const { Expression = "", Limit = 0, NextToken: token } = input;
  if (!Number.isInteger(Limit) || Limit < 0 || Limit > mostLimit) {
    throw new InvalidLimitException({ message: `the limit is 0 to ${mostLimit}`, ...refused });
  }
  const { fields, types } = parsed(Expression);
  const size = seam.pageSize(command, Limit === 0 ? usualLimit : Limit);
  const page = resources.page({ size, token, fits: ({ resourceType }) => types.has(resourceType) });
  if (page === undefined) throw new InvalidNextTokenException({ message: "the token is invalid", ...refused });
  return {
    ...ok,
    Results: page.items.map((record) => JSON.stringify(chosen(record, account, fields))),
    QueryInfo: { SelectFields: fields.map((Name) => ({ Name })) },
    ...stated("NextToken", page.next ?? null),
  };
}

/** Of its SQL, what finds resources by their types; anything else is refused as ours, not as the service's. */
function parsed(expression: string): { fields: string[]; types: ReadonlySet<string> } {
  const [, columns, one, several] =
    /^\s*SELECT\s+([\w.,\s]+?)\s+WHERE\s+resourceType\s*(?:=\s*'([^']+)'|IN\s*\(([^)]*)\))\s*$/i.exec(expression) ?? [];
  if (columns === undefined) {
    if (!/^\s*SELECT\b/i.test(expression)) {
      throw new InvalidExpressionException({ message: "the expression is no SELECT", ...refused });
    }
    throw new Error(`the simulated Config does not implement the expression ${expression}`);
  }
  const types = one === undefined ? [...(several ?? "").matchAll(/'([^']+)'/g)].map(([, type]) => type ?? "") : [one];
  return { fields: columns.split(",").map((field) => field.trim()), types: new Set(types) };
}

function chosen(record: RecordedRecord, account: string, fields: readonly string[]): object {
  const { tags, ...rest } = record;
  const all: Record<string, unknown> = {
    ...{ ...rest, accountId: account },
    tags: Object.entries(tags).map(([key, value]) => ({ tag: `${key}=${value}`, key, value })),
  };
  return Object.fromEntries(
    fields.map((field) => {
      if (!Object.hasOwn(all, field)) throw new Error(`the simulated Config does not implement the field ${field}`);
      return [field, all[field]];
    }),
  );
}
