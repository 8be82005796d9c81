import type { Configuration } from "../configuration/schema.ts";

type Named = Configuration["scaling"]["targets"][string];

/** A target that has a capacity: all but metrics alone. */
export type Scaled = Exclude<Named, { type: "metric" }>;

/** What is given its capacity, and not only advice: the targets that the configuration names, and whether any that carry a tag are. */
export function actingTargets({ scaling, evaluateScaling }: Configuration): { named: Scaled[]; tagged: boolean } {
  const acts = ({ mode }: { mode?: "recommend" | "act" | undefined }) => (mode ?? evaluateScaling.mode) === "act";
  return {
    named: Object.values(scaling.targets).flatMap((each) => (each.type !== "metric" && acts(each) ? [each] : [])),
    tagged: Object.values(scaling.tagged).some(acts),
  };
}
