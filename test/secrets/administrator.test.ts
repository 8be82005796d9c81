import { describe, expect, test } from "vitest";
import { administratorOf } from "../../shared/secrets/databases/administrator.ts";
import { targetOf } from "../../shared/secrets/databases/target.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { administratorArn, outsideWith } from "../databases/secret.ts";

const fields = {
  ...{ engine: "postgres", host: "db.internal", username: "app", password: "a", sslmode: "disable" },
  masterarn: administratorArn,
};

async function asked(administrator: object, own: object = {}, tag?: string) {
  const text = JSON.stringify({ username: "root", password: "MARKED", ...administrator });
  const target = targetOf({ ...fields, ...own });
  if (isFailure(target)) throw new Error(target.message);
  const outside = outsideWith({}, { text, ...(tag === undefined ? {} : { tag }) });
  return await administratorOf({ outside }, { ...fields, ...own }, target);
}

describe("an administrator goes only where their own secret sends them", () => {
  test("to its host and port, with its TLS, whatever the secret says that is rotated", async () => {
    const own = { sslrootcert: "-----BEGIN CERTIFICATE-----", sslservername: "elsewhere" };
    const target = await asked({ host: "db.internal" }, own);
    const tls = { mode: "verify-full", authorities: null, serverName: null };
    expect(target).toMatchObject({ host: "db.internal", port: 5432, user: "root", tls });
  });

  test("or to the host of their tag, where the secret has none", async () => {
    expect(await asked({}, {}, "db.internal")).toMatchObject({ host: "db.internal", user: "root" });
  });

  test.each([
    ["to another host", { host: "other.internal" }, {}, undefined],
    ["to another port", { host: "db.internal" }, { port: 15_432 }, undefined],
    ["to another host than the tag's", {}, {}, "other.internal"],
  ])("and not %s", async (_, administrator, own, tag) => {
    const refused = await asked(administrator, own, tag);
    expect(refused).toMatchObject({ failed: "policy" });
    expect(JSON.stringify(refused)).not.toContain("MARKED");
    // Where the value states a host the tag is not read: to change it would be in vain.
    const inTag = JSON.stringify(refused).includes("nightshift:administrator");
    expect(inTag).toBe(tag !== undefined);
  });

  test("and not where nobody says where", async () => {
    expect(await asked({})).toMatchObject({
      failed: "malformed",
      remedy: expect.stringContaining("nightshift:administrator"),
    });
  });
});
