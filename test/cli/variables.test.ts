import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { checkVariables } from "../../cli/variables.ts";
import { start } from "./started.ts";

const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "canary-key" };

describe("a variable that cannot be right ends with 2 and one line that says how to mend it", () => {
  test.each([
    ["AWS_ENDPOINT_URL", "127.0.0.1:4566", "http://127.0.0.1:4566"],
    ["AWS_ENDPOINT_URL", "localhost:4566", "http://localhost:4566"],
    ["AWS_ENDPOINT_URL_SECRETS_MANAGER", "ftp://x", "http://127.0.0.1:4566"],
    ["AWS_ENDPOINT_URL", "http://", "http://127.0.0.1:4566"],
    ["AWS_REGION", "eu west", "eu-west-1"],
    ["AWS_DEFAULT_REGION", "eu-west-1.amazonaws.com", "eu-west-1"],
  ])("%s=%s", (name, value, example) => {
    const check = () => checkVariables({ AWS_REGION: "eu-west-1", [name]: value });
    expect(check).toThrow(`${name} is "${value}", which is no `);
    expect(check).toThrow(`for example ${example}`);
  });

  test("and nobody is connected with before", async () => {
    const ended = await start(["plan", "rotation", "x"], {
      ...keys,
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "127.0.0.1:1",
    });
    const line =
      'nightshift: AWS_ENDPOINT_URL is "127.0.0.1:1", which is no web address: state one, for example http://127.0.0.1:1\n';
    expect(ended).toEqual({ code: 2, output: "", errors: line });
  });

  test("what is right, and what is empty, is let pass", () => {
    for (const value of ["", "http://127.0.0.1:4566", "https://vpce-1.secretsmanager.eu-west-1.vpce.amazonaws.com"]) {
      checkVariables({ AWS_ENDPOINT_URL: value, AWS_REGION: "us-gov-west-1" });
    }
  });
});

describe("an endpoint that is none of AWS ends with 3 and one line, which repeats nothing of its answer", () => {
  test.each([
    ["a page of the web", 200, "<html><body><h1>canary</h1></body></html>"],
    ["a page that is no XML", 404, "<!doctype html><html><body><p>canary<br></body></html>"],
    ["a text", 404, "404 page not found"],
    ["another API", 404, '{"message":"canary"}'],
    ["nothing", 404, ""],
    ["nothing, and fine", 200, ""],
  ])("%s (%i)", async (_, status, body) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    try {
      const ended = await start(["plan", "rotation", "x"], {
        ...keys,
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL: endpoint,
      });
      const line = `nightshift: the endpoint ${endpoint} did not answer as AWS: look at AWS_ENDPOINT_URL\n`;
      expect(ended).toEqual({ code: 3, output: "", errors: line });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
