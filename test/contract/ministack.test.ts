import { cloudWatchContract } from "./cloudwatch.contract.ts";
import { connectCloudWatch } from "./cloudwatch-connections.ts";
import { heldAgainst } from "./judge.ts";
import { miniStack } from "./servers.ts";
import { snsContract } from "./sns.contract.ts";
import { connectSns } from "./sns-connections.ts";

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

heldAgainst(miniStack, (running) => {
  const endpoint = async () => (await running()).endpoint;
  cloudWatchContract("MiniStack", connectCloudWatch(endpoint, "000000000000"), cloudWatchExceptions);
  snsContract("MiniStack", connectSns(endpoint), snsExceptions);
});
