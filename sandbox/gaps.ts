import { readFileSync, writeFileSync } from "node:fs";

/** One property (or, without one, every resource of a type) that the emulator cannot deploy. */
export interface LeftOut {
  type: string;
  property?: string;
  reason: string;
}

/** What stands in for something that AWS does and the emulator does not. Nothing of it changes the template. */
export interface StandIn {
  what: string;
  instead: string;
}

/** The one list of what is taken out of the stack before it is deployed here. Empty: the emulator deploys all of it. */
const leftOut: readonly LeftOut[] = [];

export const standIns: readonly StandIn[] = [
  {
    what: "CloudWatch does not put alarms' events onto the default bus",
    instead: "event documents are put into the queue that the rule leads to",
  },
  {
    what: "CloudWatch carries out alarms' SNS actions, but not their Lambda actions",
    instead: "the function is invoked with an action's document",
  },
  {
    what: "RotateSecret calls no function: it copies the value, and is done at once",
    instead:
      "the function is invoked for each of the four steps, with a version that was put as pending before, as a createSecret that died after its last call leaves it",
  },
  {
    what: "IAM lists no server certificates",
    instead: "the audit must say that this, and nothing else, could not be looked at",
  },
  {
    what: "Application Auto Scaling and Service Quotas are not there",
    instead: "the functions are led to moto's, another emulator, which knows of nobody else who scales",
  },
  {
    what: "ECS measures nothing",
    instead: "the points of its services are put into CloudWatch under its own namespace, past and to come",
  },
  {
    what: "an alarm looks at its metric without regard to dimensions, so that an error of one function makes every alarm on errors red",
    instead: "nothing is concluded from Nightshift's own alarms",
  },
  {
    what: "permissions and encryption are accepted, but not enforced",
    instead: "test/infra states each role's permissions one by one",
  },
];

/** Takes what is left out from the template file, and says what was taken, one line each. */
export function leaveOut(templateFile: string, list: readonly LeftOut[] = leftOut): string[] {
  const template: { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> } = JSON.parse(
    readFileSync(templateFile, "utf8"),
  );
  const taken = list.flatMap(({ type, property, reason }) =>
    Object.entries(template.Resources).flatMap(([id, resource]) => {
      if (resource.Type !== type) return [];
      if (property === undefined) delete template.Resources[id];
      else delete resource.Properties?.[property];
      return [`${id}: ${property ?? type} (${reason})`];
    }),
  );
  if (taken.length > 0) writeFileSync(templateFile, JSON.stringify(template));
  return taken;
}
