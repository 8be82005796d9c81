import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { start } from "./started.ts";

const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "canary-key" };
const commands = [
  ["plan", "rotation", "x"],
  ["rotate", "x"],
  ["rollback", "x"],
  ["readers", "x"],
];

describe.each(commands)("%s", (...words) => {
  test("without credentials ends with 3 and one line", async () => {
    const ended = await start(words, { AWS_REGION: "eu-west-1" });
    expect(ended).toEqual({
      code: 3,
      output: "",
      errors: "nightshift: no AWS credentials were found; sign in, or set AWS_PROFILE\n",
    });
  });

  test("without a region ends with 3 and one line", async () => {
    const ended = await start(words, keys);
    expect(ended).toEqual({ code: 3, output: "", errors: "nightshift: no AWS region is set; set AWS_REGION\n" });
  });

  test("and an endpoint that does not answer ends with 3 and one line", async () => {
    const { code, output, errors } = await start(words, {
      ...keys,
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    });
    expect({ code, output }).toEqual({ code: 3, output: "" });
    expect(errors).toMatch(/^nightshift: cannot reach the endpoint \(ECONNREFUSED\): [^\n]*\n$/);
  });
});

test("account, region and endpoint are named on standard error before anything else; who is not let in ends with 3", async () => {
  const identity = "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>A</UserId>";
  const xml = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const server = createServer((request, response) => {
    if (request.headers["x-amz-target"] === undefined) response.end(xml);
    else response.writeHead(400).end(JSON.stringify({ __type: "AccessDeniedException", Message: "not for you" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  try {
    const ended = await start(["plan", "rotation", "x"], {
      ...keys,
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: endpoint,
    });
    const place = `account 111122223333, region eu-west-1 at ${endpoint}, as arn:aws:iam::111122223333:user/ada`;
    const errors = `${place}\nnightshift: AWS refused: AccessDeniedException: not for you\n`;
    expect(ended).toEqual({ code: 3, output: "", errors });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
