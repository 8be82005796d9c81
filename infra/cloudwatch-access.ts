import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { everyAlarm } from "./topics.ts";
import { accept } from "./wildcards.ts";

/** Lets a role look up the tags of any alarm of the account and region. */
export function grantTagLookup(role: Role): void {
  const alarms = everyAlarm(Stack.of(role));
  role.addToPolicy(new PolicyStatement({ actions: ["cloudwatch:ListTagsForResource"], resources: [alarms] }));
  accept(
    role,
    alarms,
    "Incidents are opened for every alarm of the account and region, so every alarm's tags are read.",
  );
}

/** Lets a role compare what it knows with every alarm that there is, and with the rules that mute them. */
export function grantReconciling(role: Role): void {
  const stack = Stack.of(role);
  const muteRules = stack.formatArn({
    service: "cloudwatch",
    resource: "alarm-mute-rule",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ["cloudwatch:DescribeAlarms"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": stack.region } },
    }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ["cloudwatch:GetAlarmMuteRule"], resources: [muteRules] }));
  accept(
    role,
    "*",
    "DescribeAlarms leaves composite alarms out unless it is allowed on every resource; it only reads, and only in the stack's own region.",
  );
  accept(role, muteRules, "Any mute rule of the account may mute an alarm that has an incident.");
}
