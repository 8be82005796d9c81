import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a function does with an event; what it throws is the function's failure. */
export type Take = (event: unknown) => Promise<unknown>;

/** A server on 127.0.0.1 that takes the place of functions: what is behind each address is a function of the test. */
export interface Witness {
  /** The address that answers what `take` does. */
  stand(take: Take): string;
  stop(): Promise<void>;
}

export async function openWitness(): Promise<Witness> {
  const takes: Take[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const take = takes[Number(request.url?.slice(1))];
      const answer = await answerOf(take, Buffer.concat(chunks).toString());
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    stand: (take) => `http://127.0.0.1:${port}/${takes.push(take) - 1}`,
    stop: () => closed(server),
  };
}

async function answerOf(take: Take | undefined, event: string): Promise<{ status: number; body: string }> {
  try {
    return { status: 200, body: JSON.stringify((await take?.(JSON.parse(event))) ?? null) };
  } catch (error) {
    return { status: 500, body: String(error) };
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A function of Lambda that asks the address in its variable WITNESS what to do. */
export const witnessCode = `
exports.handler = async (event) => {
  const response = await fetch(process.env.WITNESS, { method: "POST", body: JSON.stringify(event) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return JSON.parse(answer);
};
`;
