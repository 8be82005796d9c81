import { afterAll, expect, test } from "vitest";
import { unwrap } from "../../shared/delivery/unwrap.ts";
import { acmContract } from "./acm.contract.ts";
import { connectAcm } from "./acm-connections.ts";
import { autoScalingContract } from "./auto-scaling.contract.ts";
import { connectAutoScaling } from "./auto-scaling-connections.ts";
import { backupsAt, backupsContracts } from "./backups-contracts.ts";
import { miniStackBackups } from "./backups-exceptions.ts";
import { cloudWatchContract } from "./cloudwatch.contract.ts";
import { connectCloudWatch } from "./cloudwatch-connections.ts";
import { deliveryContract } from "./delivery.contract.ts";
import { connectEmulatedDelivery } from "./delivery-connections.ts";
import { type Deployed, readDeployed } from "./deployed.ts";
import { ecsContract } from "./ecs.contract.ts";
import { connectEcs } from "./ecs-connections.ts";
import { elastiCacheContract } from "./elasticache.contract.ts";
import { connectElastiCache } from "./elasticache-connections.ts";
import { type Emulated, openEmulated } from "./emulated.ts";
import { eventBridgeContract } from "./eventbridge.contract.ts";
import { connectEventBridge } from "./eventbridge-connections.ts";
import { iamContract } from "./iam.contract.ts";
import { connectIam } from "./iam-connections.ts";
import { heldAgainst } from "./judge.ts";
import { lambdaContract } from "./lambda.contract.ts";
import { connectLambda } from "./lambda-connections.ts";
import { metricsContract } from "./metrics.contract.ts";
import { connectMetrics } from "./metrics-connections.ts";
import { rulesContract } from "./rules.contract.ts";
import { connectEmulatedRules } from "./rules-connections.ts";
import { secretsListContract } from "./secrets-list.contract.ts";
import { secretsManagerContract } from "./secrets-manager.contract.ts";
import { anyFunction, connectSecrets } from "./secrets-manager-connections.ts";
import { secretsRotationContract } from "./secrets-rotation.contract.ts";
import { byNobody, connectRotation } from "./secrets-rotation-connections.ts";
import { secretsScheduleContract } from "./secrets-schedule.contract.ts";
import { miniStack } from "./servers.ts";
import { snsContract } from "./sns.contract.ts";
import { connectSns } from "./sns-connections.ts";
import { sqsBatchesContract } from "./sqs-batches.contract.ts";
import { connectBatches } from "./sqs-batches-connections.ts";
import { streamContract } from "./stream.contract.ts";
import { connectEmulatedStream } from "./stream-connections.ts";
import { taggingContract } from "./tagging.contract.ts";
import { connectTagging } from "./tagging-connections.ts";

// Where MiniStack does otherwise, AWS's API reference has decided for the claim.

const notChecked = "it does not check this";

const cloudWatchExceptions = {
  "shows a log alarm when it is asked for log alarms": "it has no log alarms",
  "tells of a metric alarm when its state became another one": "only its composites have StateTransitionedTimestamp",
  "finds a mute rule by its name, and none by another": "it has no mute rules",
  "refuses more than a hundred names": notChecked,
  "refuses a token that nobody gave out": "any text is a token, the name at which the next page begins",
};

const snsExceptions = {
  "refuses an empty message": notChecked,
  "refuses a subject over 100 characters": notChecked,
  "refuses an empty subject": notChecked,
  "refuses a subject of two lines": notChecked,
  "refuses a subject with a control character": notChecked,
  "refuses a topic that is no ARN": "it takes it for one that is not there",
  "refuses an attribute without a value": notChecked,
};

const completes = "it rotates by itself, with a copy of the value";
const secretsExceptions = {
  "gives a value by version and label together, and only where both are right": "it does not look at the label then",
  "takes the same value for the same token again, and no other one": "it puts another value under the same token",
  "refuses a token of less than 32 characters": notChecked,
  "begins a rotation with a pending version that has no value yet": completes,
  "refuses another rotation while one is pending": completes,
  "refuses days and an expression at once": notChecked,
  "refuses more than a thousand days": notChecked,
  "refuses to rotate without a function": notChecked,
};

const rotationExceptions = {
  "is swept by the audit, which comes to its end with nothing left out": "it has no ListServerCertificates",
};

const eventBridgeExceptions = {
  "takes the others where one has a detail that is no JSON": notChecked,
  "takes the others where one has a detail that is no object": notChecked,
  "takes the others where one has an empty source": notChecked,
  "takes the others where one has an empty detail type": notChecked,
  "takes the others where one has an empty detail": notChecked,
  "refuses no entries": notChecked,
  "refuses more than 1 MiB in all": notChecked,
};

const ecsExceptions = {
  "refuses to describe more than ten services, and none": notChecked,
  "tells the tags of a service to whoever asks for them, and to nobody else": "it tells everybody",
  "refuses less than no task": notChecked,
  "refuses to change a service that was deleted": notChecked,
};

const metricsExceptions = {
  "gives the newest first unless it is asked otherwise": "it gives the oldest first, whatever it is asked",
  "begins with the whole minute in which the beginning lies": "it begins with the second",
  "finds a metric without dimensions only where it was put without": "it takes no dimensions for all of them",
  "gives pages of as many points as were asked for, which together hold all of them": "it gives all of them at once",
  "gives nothing of a period that is not kept as long ago as the beginning, and says nothing of it":
    "it keeps everything",
  "refuses a point of more than two weeks ago": notChecked,
  "refuses no query": notChecked,
  "refuses 501 queries": notChecked,
  "refuses one Id for two queries": notChecked,
  "refuses an Id that begins with a capital": notChecked,
  "refuses an Id with a hyphen": notChecked,
  "refuses a period of 90 seconds": notChecked,
  "refuses an end that is not after the beginning": notChecked,
  "refuses a token that nobody gave out": "it looks at no token",
};

const allGroups = "it looks neither at filters nor at the size of pages";

const autoScalingExceptions = {
  "tells which processes of a group are suspended": "it has no SuspendProcesses",
  "finds groups by the key of a tag, and by its value": allGroups,
  "gives pages of the size that was asked for, which hold every group once": allGroups,
  "refuses pages of 101": allGroups,
  "refuses more than the most, and changes nothing": notChecked,
  "refuses less than the least, and changes nothing": notChecked,
  "refuses another change during the cooldown of the one before, if it is to be honoured": "it has no cooldown",
};

const taggingExceptions = {
  "gives pages of the size that was asked for, which hold every resource once": "it gives all of them at once",
  "refuses pages of 0": notChecked,
  "refuses pages of 101": notChecked,
};

const noServerCertificates = "it has no UploadServerCertificate";

const iamExceptions = {
  "tells of a key that was used when that was": "it does not note the use of keys",
  "refuses a third key of one user": "it gives a user any number of keys",
  "refuses the keys of a user who is not there": "it lists none",
  "does not know a key that is deactivated": "it lets every key in",
  "does not take a wrong secret": "it checks no signature",
  "lists server certificates with their ends": noServerCertificates,
  "gives server certificates in pages of the size that was asked for": noServerCertificates,
};

const notRead = "it does not read the certificate that it is given";

const acmExceptions = {
  "describes what was imported by its names, its end and its serial number": notRead,
  "puts an import in the place of the one before, under the same ARN": notRead,
  "lists every certificate once, in pages of the size that was asked for, with its end": "it gives all of them at once",
  "does not import what is no certificate": notRead,
  "keeps the tags at another import, which takes none": "it takes tags at another import as well",
};

const elastiCacheExceptions = {
  "gives a user two passwords, and then one": "the number of passwords stays as it was when the user was made",
  "takes no second change before the first is done": "its changes take no time",
  "refuses three passwords": notChecked,
  "refuses a password of 15 characters": notChecked,
  "refuses a password of 129 characters": notChecked,
};

heldAgainst(miniStack, (running) => {
  const endpoint = async () => (await running()).endpoint;
  let read: Deployed | undefined;
  const deployed = (): Deployed => {
    read ??= readDeployed();
    return read;
  };
  let opening: Promise<Emulated> | undefined;
  const emulated = (): Promise<Emulated> => {
    opening ??= endpoint().then(openEmulated);
    return opening;
  };
  afterAll(async () => {
    await (await opening)?.stop();
  });
  cloudWatchContract("MiniStack", connectCloudWatch(endpoint, "000000000000"), cloudWatchExceptions);
  snsContract("MiniStack", connectSns(endpoint), snsExceptions);
  const madeFunction = async (): Promise<string> => (await (await emulated()).addFunction(async () => null)).arn;
  eventBridgeContract("MiniStack", connectEventBridge(endpoint), eventBridgeExceptions);
  ecsContract("MiniStack", connectEcs(endpoint), ecsExceptions);
  metricsContract("MiniStack", connectMetrics(endpoint), metricsExceptions);
  autoScalingContract("MiniStack", connectAutoScaling(endpoint), autoScalingExceptions);
  taggingContract("MiniStack", connectTagging(endpoint, "000000000000"), taggingExceptions);
  sqsBatchesContract("MiniStack", connectBatches(endpoint));
  lambdaContract("MiniStack", connectLambda(endpoint, madeFunction));
  const secrets = connectSecrets(endpoint, anyFunction);
  secretsManagerContract("MiniStack", secrets, secretsExceptions);
  secretsListContract("MiniStack", secrets);
  secretsScheduleContract("MiniStack", secrets);
  secretsRotationContract("MiniStack", connectRotation(endpoint, anyFunction, byNobody), rotationExceptions);
  iamContract("MiniStack", connectIam(endpoint), iamExceptions);
  acmContract("MiniStack", connectAcm(endpoint), acmExceptions);
  elastiCacheContract("MiniStack", connectElastiCache(endpoint), elastiCacheExceptions);
  backupsContracts("MiniStack", backupsAt(endpoint, "000000000000"), miniStackBackups);
  deliveryContract("MiniStack", connectEmulatedDelivery(emulated, deployed));
  rulesContract("MiniStack", connectEmulatedRules(emulated), () => deployed().rules);
  streamContract("MiniStack", connectEmulatedStream(emulated, deployed));

  test("what lies in the dead letters leads the functions back to what was given up", async () => {
    const given = { queued: { AlarmName: "cpu" }, invoked: { AlarmName: "disk" } };
    const refuse = async (): Promise<never> => {
      throw new Error("the function fails");
    };
    const connection = await connectEmulatedDelivery(emulated, deployed)(refuse);
    await connection.put([given.queued]);
    await connection.invoke(given.invoked);
    await connection.until("both are given up", async () => (await connection.deadLetters()) === 2);
    const letters = (await connection.letters()).flatMap((body) => unwrap({ messageId: "1", body }));
    expect(letters.map(({ failure }) => failure)).toEqual([null, null]);
    expect(letters.map(({ document }) => document)).toEqual(expect.arrayContaining([given.queued, given.invoked]));
  });
});
