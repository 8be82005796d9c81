import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { createLedgerTable, ledgerTable } from "../../simulation/table.ts";
import { allSources } from "../tidy/source.ts";
import { acmContract } from "./acm.contract.ts";
import { connectSimulatedAcm } from "./acm-connections.ts";
import { applicationAutoScalingContract } from "./application-auto-scaling.contract.ts";
import { connectSimulatedApplication } from "./application-auto-scaling-connections.ts";
import { auditStretch } from "./audit-stretch.ts";
import { autoScalingContract } from "./auto-scaling.contract.ts";
import { connectSimulatedAutoScaling } from "./auto-scaling-connections.ts";
import { backupsContracts, simulatedBackups } from "./backups-contracts.ts";
import { cloudWatchContract } from "./cloudwatch.contract.ts";
import { connectSimulatedCloudWatch } from "./cloudwatch-connections.ts";
import { connectSimulation } from "./connections.ts";
import { decisionsStretch } from "./decisions-stretch.ts";
import { deliveryContract } from "./delivery.contract.ts";
import { connectSimulatedDelivery } from "./delivery-connections.ts";
import { readDeployed } from "./deployed.ts";
import { dynamoDbContract } from "./dynamodb.contract.ts";
import { ecsContract } from "./ecs.contract.ts";
import { connectSimulatedEcs } from "./ecs-connections.ts";
import { elastiCacheContract } from "./elasticache.contract.ts";
import { connectSimulatedElastiCache } from "./elasticache-connections.ts";
import { eventBridgeContract } from "./eventbridge.contract.ts";
import { connectSimulatedEventBridge } from "./eventbridge-connections.ts";
import { iamContract } from "./iam.contract.ts";
import { connectSimulatedIam } from "./iam-connections.ts";
import { lambdaContract } from "./lambda.contract.ts";
import { connectSimulatedLambda } from "./lambda-connections.ts";
import { metricsContract } from "./metrics.contract.ts";
import { connectSimulatedMetrics } from "./metrics-connections.ts";
import { rulesContract } from "./rules.contract.ts";
import { connectMatcher } from "./rules-connections.ts";
import { secretsListContract } from "./secrets-list.contract.ts";
import { secretsManagerContract } from "./secrets-manager.contract.ts";
import { connectSimulatedSecrets } from "./secrets-manager-connections.ts";
import { secretsScheduleContract } from "./secrets-schedule.contract.ts";
import { expressionsIn, featuresOf, noting } from "./sent.ts";
import { serviceQuotasContract } from "./service-quotas.contract.ts";
import { connectSimulatedQuotas } from "./service-quotas-connections.ts";
import { snsContract } from "./sns.contract.ts";
import { connectSimulatedSns } from "./sns-connections.ts";
import { sqsBatchesContract } from "./sqs-batches.contract.ts";
import { connectSimulatedBatches } from "./sqs-batches-connections.ts";
import { streamContract } from "./stream.contract.ts";
import { connectFilter, connectSimulatedStream } from "./stream-connections.ts";
import { simulateStretch } from "./stretch.ts";
import { taggingContract } from "./tagging.contract.ts";
import { connectSimulatedTagging } from "./tagging-connections.ts";

// The simulation, held to all that it claims; and the claims, held to all that the functions ask of AWS.

const name = "the simulation";
const deployed = readDeployed();

/** What the contracts have asked so far. */
const claimed = new Set<string>();

/** A connection that notes what is sent through it. */
function noted<Connection extends { send: unknown }>(connect: () => Promise<Connection>): () => Promise<Connection> {
  return async () => {
    const connection = await connect();
    return { ...connection, send: noting(connection.send, noteIn(claimed)) };
  };
}

/** Whatever of a world has the `send` of a client is a simulated service. */
function isService(part: unknown): part is { send: unknown } {
  return typeof part === "object" && part !== null && "send" in part;
}

function noteIn(features: Set<string>): (command: unknown) => void {
  return (command) => {
    for (const feature of featuresOf(command)) features.add(feature);
  };
}

dynamoDbContract(
  `${name}: DynamoDB`,
  noted(async () => connectSimulation(() => Date.UTC(2026, 0, 1))),
);
cloudWatchContract(name, noted(connectSimulatedCloudWatch));
snsContract(name, noted(connectSimulatedSns));
secretsManagerContract(name, noted(connectSimulatedSecrets));
eventBridgeContract(name, noted(connectSimulatedEventBridge));
ecsContract(name, noted(connectSimulatedEcs));
metricsContract(name, noted(connectSimulatedMetrics));
autoScalingContract(name, noted(connectSimulatedAutoScaling));
applicationAutoScalingContract(name, noted(connectSimulatedApplication));
serviceQuotasContract(name, noted(connectSimulatedQuotas));
taggingContract(name, noted(connectSimulatedTagging));
sqsBatchesContract(name, noted(connectSimulatedBatches));
lambdaContract(name, noted(connectSimulatedLambda));
secretsListContract(name, noted(connectSimulatedSecrets));
secretsScheduleContract(name, noted(connectSimulatedSecrets));
iamContract(
  name,
  noted(async () => {
    const { sts, ...connection } = await connectSimulatedIam();
    return { ...connection, sts: (key) => ({ send: noting(sts(key).send, noteIn(claimed)) }) };
  }),
);
acmContract(name, noted(connectSimulatedAcm));
elastiCacheContract(name, noted(connectSimulatedElastiCache));
backupsContracts(name, {
  backup: noted(simulatedBackups.backup),
  rds: noted(simulatedBackups.rds),
  tables: noted(simulatedBackups.tables),
  s3: noted(simulatedBackups.s3),
  volumes: noted(async () => {
    const { efs, fsx, ...connection } = await simulatedBackups.volumes();
    const sent = <Send>(send: Send) => ({ send: noting(send, noteIn(claimed)) });
    return { ...connection, efs: sent(efs.send), fsx: sent(fsx.send) };
  }),
  kms: noted(simulatedBackups.kms),
  config: noted(simulatedBackups.config),
});
deliveryContract(
  name,
  connectSimulatedDelivery(() => deployed),
);
rulesContract(name, connectMatcher, () => deployed.rules);
streamContract(name, connectSimulatedStream);
streamContract(
  "the deployed filter",
  connectFilter(() => deployed),
);

test("the simulated ledger has the keys and indexes of the deployed one", async () => {
  const connection = connectSimulation(() => Date.UTC(2026, 0, 1));
  await createLedgerTable(connection);
  const { Table } = await connection.send(new DescribeTableCommand({ TableName: ledgerTable }));
  expect(Table).toMatchObject(deployed.ledger);
});

describe("the contracts claim all that the functions rely on", () => {
  const asked = new Set<string>();
  beforeAll(async () => {
    await auditStretch(noteIn(asked));
    await decisionsStretch(noteIn(asked));
    await simulateStretch((world) => {
      for (const service of Object.values<unknown>({ ...world }).filter(isService)) {
        service.send = noting(service.send, noteIn(asked));
      }
    });
  });

  test("every command, parameter and expression that they send in a stretch of simulated days", () => {
    expect(asked.size).toBeGreaterThan(30);
    expect([...asked].filter((feature) => !claimed.has(feature))).toEqual([]);
  });

  test("and every expression that stands in their code is sent in that stretch", () => {
    const sent = [...asked].map((feature) => feature.replace(/^[^:]*: /, ""));
    const written = allSources()
      .filter(({ path }) => /^(functions|shared)\//.test(path))
      .flatMap(({ path, text }) => expressionsIn(text).map((expression) => ({ path, expression })));
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter(({ expression }) => !sent.includes(expression))).toEqual([]);
  });
});
