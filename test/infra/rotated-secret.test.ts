import { App, SecretValue, Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { describe, expect, test } from "vitest";
import { attachedDays } from "../../functions/audit-secrets/rotation-rules.ts";
import type { DatabaseSecretProps } from "../../infra/public/database-secret.ts";
import { RotatedSecret, type RotatedSecretProps } from "../../infra/public/rotated-secret.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import { Refused } from "../../shared/failures.ts";
import { engineOf } from "../../shared/secrets/databases/target.ts";
import { resources } from "./synthesis.ts";

const production = { environment: "production", kind: "api-key" };
const daysOf = (props: RotatedSecretProps) => {
  const stack = new Stack(new App(), "Shop");
  new RotatedSecret(stack, "Key", props);
  const [[, schedule] = ["", undefined]] = resources(
    Template.fromStack(stack),
    "AWS::SecretsManager::RotationSchedule",
  );
  return Object(schedule?.Properties.RotationRules).AutomaticallyAfterDays;
};

describe("a rotated secret", () => {
  const stack = new Stack(new App(), "Shop");
  new RotatedSecret(stack, "Key", {
    ...production,
    strategy: "random",
    tags: { length: "64" },
    secretName: "shop/key",
  });
  const template = Template.fromStack(stack);

  test("says by its tags what it is, and has a value from the first moment", () => {
    template.hasResourceProperties("AWS::SecretsManager::Secret", {
      Name: "shop/key",
      GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true },
      Tags: [
        { Key: "nightshift:kind", Value: "api-key" },
        { Key: "nightshift:length", Value: "64" },
        { Key: "nightshift:strategy", Value: "random" },
      ],
    });
  });

  test("is rotated by what Nightshift's stack exports, and not for being deployed", () => {
    template.hasResourceProperties("AWS::SecretsManager::RotationSchedule", {
      SecretId: { Ref: Match.stringLikeRegexp("^KeySecret") },
      RotationLambdaARN: { "Fn::ImportValue": "nightshift-production-rotate-secrets" },
      RotationRules: { AutomaticallyAfterDays: 88 },
      RotateImmediatelyOnUpdate: false,
    });
  });

  test("may name its function itself", () => {
    const own = new Stack(new App(), "Own");
    const rotationFunctionArn = "arn:aws:lambda:eu-west-1:111122223333:function:rotate";
    new RotatedSecret(own, "Key", { kind: "api-key", rotationFunctionArn });
    Template.fromStack(own).hasResourceProperties("AWS::SecretsManager::RotationSchedule", {
      RotationLambdaARN: rotationFunctionArn,
    });
  });
});

describe("how many days are set", () => {
  const { kinds, graceHours } = bundleAll().production.secrets;

  test.each([
    ["api-key", 88],
    ["database-password", 88],
    ["service-account", 178],
  ])(
    "a %s is rotated every %d days, so that the previous one is dead before the policy's interval ends",
    (kind, days) => {
      expect(daysOf({ ...production, kind })).toBe(days);
      expect(days * 24 + graceHours + 1).toBeLessThanOrEqual((kinds[kind]?.rotateDays ?? 0) * 24);
      expect((days + 1) * 24 + graceHours + 1).toBeGreaterThan((kinds[kind]?.rotateDays ?? 0) * 24);
      // The audit attaches the same, so that neither finds fault with the other.
      expect(days).toBe(attachedDays(kinds[kind]?.rotateDays ?? 0, bundleAll().production));
    },
  );

  test.each([
    [{ rotateDays: 30 }, 28],
    [{ rotateDays: 30, graceHours: 72 }, 26],
    [{ rotateDays: 30, graceHours: 23, cadenceMinutes: 60 }, 29],
    [{ rotateDays: 3 }, 1],
    [{ kind: "license", rotateDays: 365 }, 363],
    [{ kind: "certificate", rotateDays: 60 }, 58],
  ])("%j: %d", (props, days) => expect(daysOf({ ...production, ...props })).toBe(days));
});

describe("a secret that is there already", () => {
  test("of the same app is tagged", () => {
    const stack = new Stack(new App(), "Shop");
    const secret = new Secret(stack, "Own", { secretStringValue: SecretValue.unsafePlainText("x") });
    new RotatedSecret(stack, "Key", { ...production, secret });
    Template.fromStack(stack).hasResourceProperties("AWS::SecretsManager::Secret", {
      Tags: [{ Key: "nightshift:kind", Value: "api-key" }],
    });
  });

  test("of another one is not, and which tags are missing is said", () => {
    const stack = new Stack(new App(), "Shop");
    const secret = Secret.fromSecretNameV2(stack, "Foreign", "shop/old");
    new RotatedSecret(stack, "Key", { ...production, secret });
    Template.fromStack(stack).resourceCountIs("AWS::SecretsManager::Secret", 0);
    const says = Match.stringLikeRegexp("cannot tag the secret.*add nightshift:kind=api-key");
    Annotations.fromStack(stack).hasWarning("/Shop/Key", says);
  });
});

describe("a database's user", () => {
  const props = { environment: "staging", engine: "aurora-postgresql", host: "db.example.com", username: "app" };

  test("has the fields that the strategies read, and a password that is made", () => {
    const stack = new Stack(new App(), "Shop");
    const administrator = new Secret(stack, "Administrator");
    RotatedSecret.database(stack, "User", { ...props, port: 5433, databaseName: "shop", administrator });
    Template.fromStack(stack).hasResourceProperties("AWS::SecretsManager::Secret", {
      GenerateSecretString: {
        GenerateStringKey: "password",
        SecretStringTemplate: {
          "Fn::Join": [
            "",
            [
              '{"engine":"aurora-postgresql","host":"db.example.com","port":5433,"username":"app","dbname":"shop","masterarn":"',
              { Ref: Match.stringLikeRegexp("^Administrator") },
              '"}',
            ],
          ],
        },
      },
      Tags: [{ Key: "nightshift:kind", Value: "database-password" }],
    });
  });

  test.each(["postgres", "mysql", "mariadb", "redis", "postgresql", "aurora-postgresql", "aurora", "aurora-mysql"])(
    "of %s is one that the strategies know",
    (engine) => {
      const stack = new Stack(new App(), "Shop");
      expect(() => RotatedSecret.database(stack, "User", { ...props, engine })).not.toThrow();
      expect(typeof engineOf({ engine })).toBe("string");
    },
  );

  const wrong: [Partial<DatabaseSecretProps>, string][] = [
    [{ engine: "postgre" }, 'engine is "postgre"; did you mean "postgres"? (postgres, mysql, mariadb, redis'],
    [{ host: "postgres://db" }, 'host is "postgres://db"; state the name or address alone, without scheme or port'],
    [{ host: "" }, "host is empty"],
    [{ username: "" }, "username is empty"],
    [{ port: 0 }, "port is 0; it must be a whole number from 1 to 65535"],
    [
      { sslmode: "verify" },
      'sslmode is "verify"; did you mean "verify-ca"? (disable, require, verify-ca, verify-full)',
    ],
    [{ rotateDays: 2 }, "rotateDays is 2; with 24 h of grace and a cadence of 60 min it must be at least 3"],
  ];
  test.each(wrong)("%j is refused", (change, says) => {
    const line = lineOf(() => RotatedSecret.database(new Stack(new App(), "Shop"), "User", { ...props, ...change }));
    expect(line).toContain(`RotatedSecret Shop/User: ${says}`);
  });
});

describe("what cannot be is refused in one line, which says where", () => {
  const wrong: [Partial<RotatedSecretProps>, string][] = [
    [{ environment: "prod" }, 'unknown environment "prod"; did you mean "production"?'],
    [{ environment: undefined }, "who rotates it? State environment, or rotationFunctionArn"],
    [{ rotationFunctionArn: "rotate" }, 'rotationFunctionArn is "rotate"; it must be the ARN of a Lambda function'],
    [{ kind: "certificate" }, 'nobody knows how often a "certificate" is rotated; state rotateDays'],
    [{ kind: "constructor" }, 'nobody knows how often a "constructor" is rotated; state rotateDays'],
    [{ rotateDays: 0 }, "rotateDays is 0; it must be a whole number, at least 1"],
    [{ rotateDays: 1.5 }, "rotateDays is 1.5;"],
    [{ rotateDays: Number.NaN }, "rotateDays is NaN;"],
    [{ rotateDays: 1_003 }, "rotateDays is 1003; Secrets Manager rotates at least every 1000 days"],
    [{ graceHours: -1 }, "graceHours is -1;"],
    [{ cadenceMinutes: 0 }, "cadenceMinutes is 0;"],
    [{ kind: "", rotateDays: 30 }, 'the tag "nightshift:kind" cannot be ""'],
    [{ kind: "a\nb", rotateDays: 30 }, 'the tag "nightshift:kind" cannot be "a\\nb"'],
    [{ tags: { "a b": "c" } }, 'the tag "nightshift:a b" cannot be "c"'],
    [{ tags: { "nightshift:length": "64" } }, 'tags: "nightshift:length" begins so by itself'],
  ];
  test.each(wrong)("%j", (change, says) => {
    const stack = new Stack(new App(), "Shop");
    const line = lineOf(() => new RotatedSecret(stack, "Key", { ...production, ...(change as object) }));
    expect(line).toContain(`RotatedSecret Shop/Key: ${says}`);
    expect(line).not.toContain("\n");
  });
});

function lineOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  return "nothing was refused";
}
