import { ListTagsForCertificateCommand } from "@aws-sdk/client-acm";
import { ListTagsForResourceCommand } from "@aws-sdk/client-elasticache";
import { ListUserTagsCommand } from "@aws-sdk/client-iam";
import { unseen } from "./checks.ts";
import { describeIfThere } from "./described.ts";
import { type Failure, failure } from "./failure.ts";
import type { Outside } from "./outside.ts";
import type { Check } from "./strategy.ts";
import { administratorTag, kindTag, rotatedTag, type Tags, tagsFrom } from "./tags.ts";

// IAM holds the functions to tags. Whoever plans is mostly allowed more than they are: so the tags are looked at, and not tried.

/** Whether the functions may read a secret that lends its credential. */
export async function lentCheck({ secrets }: Pick<Outside, "secrets">, id: string): Promise<Check> {
  const what = "lent secret";
  try {
    const described = await describeIfThere(secrets, id);
    if (described === null) {
      const none = failure("malformed", "the secret that lends its credential is not there", "correct its name or ARN");
      return { what, seen: "there is none", failure: none };
    }
    const { arn, tags } = described;
    const isGranted = Object.hasOwn(tags, administratorTag) || Object.hasOwn(tags, kindTag);
    const command = `aws secretsmanager tag-resource --secret-id ${arn} --tags Key=${administratorTag},Value=true`;
    return judged(what, isGranted, lacking("the secret that lends its credential", administratorTag, command));
  } catch (error) {
    return unseen(what, error, "AWS Secrets Manager");
  }
}

/** Whether the functions may make access keys of a user. */
export function userCheck({ iam }: Pick<Outside, "iam">, user: string): Promise<Check> {
  const command = `aws iam tag-user --user-name ${user} --tags ${rotated}`;
  return rotatedCheck("the IAM user", command, "AWS IAM", async () => {
    const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: user }));
    return tagsFrom(Tags);
  });
}

/** Whether the functions may change the passwords of a user of ElastiCache. */
export function cacheUserCheck({ elasticache }: Pick<Outside, "elasticache">, arn: string): Promise<Check> {
  const command = `aws elasticache add-tags-to-resource --resource-name ${arn} --tags ${rotated}`;
  return rotatedCheck("the ElastiCache user", command, "ElastiCache", async () => {
    const { TagList } = await elasticache.send(new ListTagsForResourceCommand({ ResourceName: arn }));
    return tagsFrom(TagList);
  });
}

/** Whether the functions may import over a certificate of ACM. */
export function certificateCheck({ acm }: Pick<Outside, "acm">, arn: string): Promise<Check> {
  const command = `aws acm add-tags-to-certificate --certificate-arn ${arn} --tags ${rotated}`;
  return rotatedCheck("the certificate in ACM", command, "ACM", async () => {
    const { Tags } = await acm.send(new ListTagsForCertificateCommand({ CertificateArn: arn }));
    return tagsFrom(Tags);
  });
}

const rotated = `Key=${rotatedTag},Value=true`;

async function rotatedCheck(whose: string, command: string, service: string, ask: () => Promise<Tags>): Promise<Check> {
  const what = "permission";
  try {
    return judged(what, Object.hasOwn(await ask(), rotatedTag), lacking(whose, rotatedTag, command));
  } catch (error) {
    return unseen(what, error, service);
  }
}

function judged(what: string, isGranted: boolean, problem: Failure): Check {
  return isGranted
    ? { what, seen: "the function's role is let in by its tag", failure: null }
    : { what, seen: "the function's role is not let in", failure: problem };
}

function lacking(whose: string, tag: string, command: string): Failure {
  return failure("privilege", `${whose} has no tag ${tag}, so the function's role may not use it`, command);
}
