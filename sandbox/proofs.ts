import type { Incident } from "../shared/incident/types.ts";
import { invoke, putEvent } from "./calls.ts";
import { actionDocument, contributorEvent, deletionEvent, findingDetail, stateChangeEvent } from "./documents.ts";
import { proveScaling } from "./scaling.ts";
import { proveSecrets } from "./secrets.ts";
import { eventually, type Steps } from "./steps.ts";
import type { World } from "./world.ts";

/** The real path, end to end, over what was deployed. Each step is a promise of the README. */
export async function prove(steps: Steps, world: World): Promise<void> {
  const { endpoint } = world.settings;
  const { alarmFunction, escalateFunction, findingsBus, deliveryQueue, deliveryDeadLetters, pagesP0 } =
    world.deployment;
  const alarm = "sandbox-load";

  const pages = await steps.step("a queue is subscribed to the topic of P0 pages", () =>
    world.listen(pagesP0, "sandbox-pages"),
  );
  await steps.step("a metric is put, an alarm fires through SNS and SQS, and is one open P0 incident", async () => {
    await world.putAlarm(alarm, { "nightshift:tier": "critical" });
    await world.putMetric(95);
    const incident = await opened(world, alarm);
    expectThat(incident.severity === "P0", `the alarm's tag says P0, the incident ${incident.severity}`);
    const unparsed = (await world.incidents()).filter(({ kind }) => kind === "unparsed");
    expectThat(unparsed.length === 0, `${unparsed.length} deliveries were not understood`);
  });
  if (pages !== null) {
    await steps.step("its page is in the subscribed queue", () =>
      eventually("a page that names the alarm", 90, async () =>
        (await world.receive(pages.value)).some((body) => body.includes(alarm)) ? "" : null,
      ),
    );
  }
  await steps.step("the metric falls, and the alarm says OK", () => world.putMetric(5));
  await proveDoors(steps, world);
  await steps.step("a finding on its bus becomes an incident", async () => {
    await putEvent(endpoint, findingsBus, "Finding", findingDetail("sandbox-resource", Date.now()));
    await opened(world, "sandbox-resource");
  });
  await steps.step("an alarm's Lambda action invokes the function, and becomes an incident", async () => {
    await invoke(endpoint, alarmFunction, "Event", actionDocument("sandbox-action", Date.now()));
    await opened(world, "sandbox-action");
  });
  await steps.step("the OK has resolved the first incident, once it was stable", async () =>
    resolvedBySweep(world, alarm, () => invoke(endpoint, escalateFunction, "RequestResponse", {})),
  );
  await steps.step("the deleted alarm's incident is resolved, and says so", async () => {
    const { resolution } = await resolved(world, "sandbox-deleted", 90);
    expectThat(resolution === "deleted", `the resolution is ${resolution}`);
  });
  await proveSecrets(steps, world);
  await proveScaling(steps, world);
  await steps.step("the queue is empty, and nothing was given up", () =>
    eventually("an empty queue", 30, async () => {
      const letters = await world.depth(deliveryDeadLetters);
      expectThat(letters === 0, `${letters} dead letters`);
      return (await world.depth(deliveryQueue)) === 0 ? "" : null;
    }),
  );
}

async function proveDoors(steps: Steps, world: World): Promise<void> {
  await steps.step("EventBridge's documents are understood: state change, contributor, configuration", async () => {
    const at = Date.now();
    await world.deliver([stateChangeEvent("sandbox-deleted", "ALARM", at), contributorEvent("sandbox-series", at)]);
    await opened(world, "sandbox-deleted");
    await opened(world, "sandbox-series");
    await world.deliver([deletionEvent("sandbox-deleted", at + 1_000)]);
    await eventually("the deletion in the incident", 60, async () => {
      const incident = await world.incidentOf("sandbox-deleted");
      return Object.values(incident?.members ?? {}).find(({ deleted }) => deleted);
    });
  });
  await steps.step("a malformed document opens its P1, and does not hold up its batch", async () => {
    const at = Date.now();
    const broken = { ...stateChangeEvent("sandbox-broken", "ALARM", at), detail: { alarmName: "sandbox-broken" } };
    await world.deliver([broken, "{ this is not JSON", stateChangeEvent("sandbox-whole", "ALARM", at)]);
    await opened(world, "sandbox-whole");
    const incident = await eventually("an incident of unknown shape", 60, async () =>
      (await world.incidents()).find(({ kind }) => kind === "unparsed"),
    );
    expectThat(incident.severity === "P1", `it is ${incident.severity}`);
  });
}

function opened(world: World, name: string): Promise<Incident> {
  return eventually(`an incident of ${name}`, 60, () => world.incidentOf(name));
}

function resolved(world: World, name: string, limitSeconds: number): Promise<Incident> {
  return eventually(`the incident of ${name} resolved`, limitSeconds, async () => {
    const incident = await world.incidentOf(name);
    return incident?.status === "resolved" ? incident : null;
  });
}

/** By the sweep of the minute, as on AWS; if the emulator's scheduler does not come, by starting the sweep ourselves. */
async function resolvedBySweep(world: World, name: string, sweep: () => Promise<unknown>): Promise<string> {
  try {
    await resolved(world, name, 100);
    return "by the scheduled sweep";
  } catch {
    await sweep();
    await resolved(world, name, 10);
    return "by a sweep that was invoked here, because the emulator's scheduler did not come";
  }
}

function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
