import { acmContract } from "./acm.contract.ts";
import { connectAcm } from "./acm-connections.ts";
import { applicationAutoScalingContract } from "./application-auto-scaling.contract.ts";
import { connectApplication } from "./application-auto-scaling-connections.ts";
import { autoScalingContract } from "./auto-scaling.contract.ts";
import { connectAutoScaling } from "./auto-scaling-connections.ts";
import { backupsAt, backupsContracts } from "./backups-contracts.ts";
import { motoBackups } from "./backups-exceptions.ts";
import { cloudWatchContract } from "./cloudwatch.contract.ts";
import { connectCloudWatch } from "./cloudwatch-connections.ts";
import { ecsContract } from "./ecs.contract.ts";
import { connectEcs } from "./ecs-connections.ts";
import { elastiCacheContract } from "./elasticache.contract.ts";
import { connectElastiCache } from "./elasticache-connections.ts";
import { eventBridgeContract } from "./eventbridge.contract.ts";
import { connectEventBridge } from "./eventbridge-connections.ts";
import { iamContract } from "./iam.contract.ts";
import { connectIam } from "./iam-connections.ts";
import { heldAgainst } from "./judge.ts";
import { lambdaContract } from "./lambda.contract.ts";
import { connectLambda } from "./lambda-connections.ts";
import { metricsContract } from "./metrics.contract.ts";
import { connectMetrics } from "./metrics-connections.ts";
import { secretsListContract } from "./secrets-list.contract.ts";
import { secretsManagerContract } from "./secrets-manager.contract.ts";
import { connectSecrets, inertFunction } from "./secrets-manager-connections.ts";
import { secretsRotationContract } from "./secrets-rotation.contract.ts";
import { byRotateSecret, connectRotation } from "./secrets-rotation-connections.ts";
import { secretsScheduleContract } from "./secrets-schedule.contract.ts";
import { moto } from "./servers.ts";
import { serviceQuotasContract } from "./service-quotas.contract.ts";
import { connectQuotas } from "./service-quotas-connections.ts";
import { snsContract } from "./sns.contract.ts";
import { connectSns } from "./sns-connections.ts";
import { sqsBatchesContract } from "./sqs-batches.contract.ts";
import { connectBatches } from "./sqs-batches-connections.ts";
import { taggingContract } from "./tagging.contract.ts";
import { connectTagging } from "./tagging-connections.ts";

// Where moto does otherwise, AWS's API reference has decided for the claim.

const noComposites = "it has no composite alarms";
const noPages = "it gives every alarm at once and looks at neither MaxRecords nor NextToken";
const notChecked = "it does not check this";
const failsInHtml = "it fails itself, in HTML";

const cloudWatchExceptions = {
  "shows metric alarms alone unless it is asked for other types": noComposites,
  "shows a log alarm when it is asked for log alarms": "it has no log alarms",
  "chooses by name and state together": "it looks at the state only where no names are given",
  "chooses by name and state and type together": noComposites,
  "tells of a metric alarm when its state became another one": "it has no StateTransitionedTimestamp",
  "tells of a composite alarm its rule, and when its state became another one": noComposites,
  "finds a mute rule by its name, and none by another": "it has no mute rules",
  "gives pages of the size that was asked for, which hold every alarm once, of whatever type": noComposites,
  "gives fifty alarms unless it is asked for more, and a hundred at most": noPages,
  "refuses pages of 0": noPages,
  "refuses pages of 101": noPages,
  "refuses more than a hundred names": notChecked,
  "refuses a token that nobody gave out": noPages,
  "does not find the tags of an alarm that is not there": "it says that such an alarm has no tags",
};

const snsExceptions = {
  "refuses an empty message": notChecked,
  "refuses a message over 256 KiB in UTF-8": "it counts characters, not bytes",
  "refuses a message over 256 KiB with its attributes": "it does not count the attributes",
  "refuses an empty subject": notChecked,
  "refuses a subject of two lines": notChecked,
  "refuses a subject with a control character": notChecked,
  "refuses no topic": failsInHtml,
  "refuses an attribute without a value": "it has another name for the error, InvalidParameter",
};

const secretsExceptions = {
  "takes the same value for the same token again, and no other one": "it puts another value under the same token",
  "takes a label away from a version, which then is told no more": "it tells versions without labels too",
  "refuses another rotation while one is pending": "it refuses only where the pending version is the current one",
  "refuses days and an expression at once": notChecked,
  "refuses to rotate without a function": notChecked,
};

const eventBridgeExceptions = {
  "takes the others where one has a detail that is no object": "it takes any JSON",
  "refuses no entries": notChecked,
  "refuses more than 1 MiB in all": notChecked,
};

const ecsExceptions = {
  "refuses to describe more than ten services, and none": notChecked,
  "refuses less than no task": notChecked,
  "refuses to change a service that was deleted": notChecked,
};

const metricsExceptions = {
  "begins with the whole minute in which the beginning lies": "it begins with the second",
  "finds a metric by all of its dimensions, in whatever order":
    "it finds two of them only in the order in which they were put",
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
  "refuses a token that nobody gave out": "it looks at no token",
};

const autoScalingExceptions = {
  "refuses pages of 101": failsInHtml,
  "refuses more than the most, and changes nothing": notChecked,
  "refuses less than the least, and changes nothing": notChecked,
  "refuses to change what is not there": failsInHtml,
  "refuses another change during the cooldown of the one before, if it is to be honoured": "it has no cooldown",
  "tells whether the instances of a group are being replaced": "it has no DescribeInstanceRefreshes",
};

const applicationExceptions = {
  "tells the tags of a target, none where there are none": "it has no ListTagsForResource",
  "refuses the tags of what is not there": "it has no ListTagsForResource",
  "refuses a new target without bounds": notChecked,
  "refuses a least that is more than the most, also by what was said before": notChecked,
  "refuses to take away what is not there": "it has another name for the error, ValidationException",
  "refuses pages of 51": notChecked,
  "gives pages of the size that was asked for, which hold every target once":
    "its token is a place in the page, not in the list, so that the second page comes again and again",
};

const batchesExceptions = { "refuses more than 1 MiB in UTF-8": "it counts characters, not bytes" };

const iamExceptions = {
  "does not know a key that is deactivated": "it lets every key in",
  "does not take a wrong secret": "it checks no signature",
  "gives server certificates in pages of the size that was asked for": "it gives all of them at once",
};

const acmExceptions = {
  "keeps the tags at another import, which takes none": "it forgets them, and takes others",
  "describes what was imported by its names, its end and its serial number": "it writes the serial number in decimal",
  "lists every certificate once, in pages of the size that was asked for, with its end": "it gives all of them at once",
};

const noModifyUser = "it has no ModifyUser";

const elastiCacheExceptions = {
  "gives a user two passwords, and then one": noModifyUser,
  "takes no second change before the first is done": noModifyUser,
  "refuses three passwords": noModifyUser,
  "refuses a password of 15 characters": noModifyUser,
  "refuses a password of 129 characters": noModifyUser,
  "does not change a user who is not there": noModifyUser,
};

heldAgainst(moto, (running) => {
  const endpoint = async () => (await running()).endpoint;
  cloudWatchContract("moto", connectCloudWatch(endpoint, "123456789012"), cloudWatchExceptions);
  snsContract("moto", connectSns(endpoint), snsExceptions);
  let made: Promise<string> | undefined;
  const inert = (at: string): Promise<string> => {
    made ??= inertFunction(at);
    return made;
  };
  eventBridgeContract("moto", connectEventBridge(endpoint), eventBridgeExceptions);
  ecsContract("moto", connectEcs(endpoint), ecsExceptions);
  metricsContract("moto", connectMetrics(endpoint), metricsExceptions);
  autoScalingContract("moto", connectAutoScaling(endpoint), autoScalingExceptions);
  applicationAutoScalingContract("moto", connectApplication(endpoint), applicationExceptions);
  serviceQuotasContract("moto", connectQuotas(endpoint));
  taggingContract("moto", connectTagging(endpoint, "123456789012"));
  sqsBatchesContract("moto", connectBatches(endpoint), batchesExceptions);
  lambdaContract("moto", connectLambda(endpoint, inert));
  const secrets = connectSecrets(endpoint, inert);
  secretsManagerContract("moto", secrets, secretsExceptions);
  secretsListContract("moto", secrets);
  secretsScheduleContract("moto", secrets);
  secretsRotationContract("moto", connectRotation(endpoint, inert, byRotateSecret));
  iamContract("moto", connectIam(endpoint), iamExceptions);
  acmContract("moto", connectAcm(endpoint), acmExceptions);
  elastiCacheContract("moto", connectElastiCache(endpoint), elastiCacheExceptions);
  backupsContracts("moto", backupsAt(endpoint, "123456789012"), motoBackups);
});
