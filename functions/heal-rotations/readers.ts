import { type Deployment, DescribeServicesCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { fits } from "../../shared/incident/classify.ts";
import type { Instant } from "../../shared/instant.ts";
import { typed } from "../../shared/secrets/aws.ts";
import { type Failure, failure, isFailure } from "../../shared/secrets/failure.ts";
import type { Succession } from "../../shared/secrets/record.ts";
import { writeSuccession } from "../../shared/secrets/records.ts";
import type { Sweep } from "./sweep.ts";

export interface Refresh {
  state: "done" | "waiting" | "failed";
  succession: Succession;
  /** What is to be said when it is not done in time. */
  failure: Failure;
}

/**
 * Deploys anew every service that reads the secret and keeps it in memory, and looks whether that is done. What ECS says decides,
 * not what we remember: a deployment that is younger than our first attempt serves as well as one of ours.
 */
export async function refreshReaders(sweep: Sweep, before: Succession): Promise<Refresh> {
  const readers = sweep.configuration.secrets.readers.filter(({ secret }) => fits(secret, before.name));
  if (readers.length === 0) return { state: "done", succession: before, failure: slow("") };
  const from = before.refreshFrom ?? sweep.now();
  const begun = { ...before, refreshFrom: from };
  if (before.refreshFrom === undefined) await writeSuccession(sweep.ledger, begun, sweep.now());
  const seen: Refreshed[] = [];
  const deployed = new Set<string>(before.deployed ?? []);
  for (const { cluster, service } of readers) {
    // What ECS refuses holds up this secret alone.
    const refreshed = await typed("Amazon ECS", () => refresh(sweep, cluster, service, from, deployed));
    seen.push(isFailure(refreshed) ? { state: "failed", problem: refreshed } : refreshed);
  }
  const worst = seen.find(({ state }) => state === "failed") ?? seen.find(({ state }) => state === "waiting");
  const succession = { ...begun, deployed: [...deployed] };
  return { state: worst?.state ?? "done", succession, failure: worst?.problem ?? slow("") };
}

type Refreshed = { state: Refresh["state"]; problem: Failure };

/** One deployment is the newest: PRIMARY. The others are on their way out. */
async function refresh(
  sweep: Sweep,
  cluster: string,
  service: string,
  from: Instant,
  deployed: Set<string>,
): Promise<Refreshed> {
  const asked = new DescribeServicesCommand({ cluster, services: [service] });
  const { services = [] } = await sweep.ecs.send(asked);
  const name = `${cluster}/${service}`;
  const [found] = services;
  if (found === undefined || found.status === "INACTIVE") return { state: "failed", problem: missing(name) };
  const newest = found.deployments?.find(({ status }) => status === "PRIMARY");
  if (newest === undefined || (newest.createdAt?.getTime() ?? 0) < from) {
    await sweep.ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    sweep.log.info("reader deployed anew", { reader: name });
    const isSecond = deployed.has(name);
    deployed.add(name);
    // ECS has put an older deployment back in its place: its tasks may still have the old value.
    return isSecond ? { state: "failed", problem: failedRollout(name) } : { state: "waiting", problem: slow(name) };
  }
  return stateOf(newest, name);
}

function stateOf({ rolloutState }: Deployment, name: string): Refreshed {
  switch (rolloutState) {
    case "COMPLETED":
      return { state: "done", problem: slow(name) };
    case "FAILED":
      return { state: "failed", problem: failedRollout(name) };
    case "IN_PROGRESS":
      return { state: "waiting", problem: slow(name) };
    default:
      // Without a rollout state nobody can say that it is done: the previous credential goes on working.
      return { state: "failed", problem: silent(name) };
  }
}

function slow(name: string): Failure {
  return failure("service", `the new deployment of ${name} is not complete`, "look at the service's events in ECS");
}

function failedRollout(name: string): Failure {
  return failure(
    "service",
    `the new deployment of ${name} has failed`,
    "look at the service's events in ECS, and deploy it anew",
  );
}

function silent(name: string): Failure {
  return failure(
    "service",
    `ECS does not say how the deployment of ${name} goes`,
    "let ECS itself control the service's deployments, or take it out of secrets.readers",
  );
}

function missing(name: string): Failure {
  return failure("malformed", `there is no service ${name}`, "correct secrets.readers in the configuration");
}
