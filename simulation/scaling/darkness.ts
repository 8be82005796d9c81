import type { StatusCode } from "@aws-sdk/client-cloudwatch";
import { hour, type Instant, minute } from "../../shared/instant.ts";
import type { Chance } from "../chance.ts";
import type { Faults } from "../faults.ts";

/** When a service's metrics are lost, late, or not to be had. */
export interface Darkness {
  /** How much later than usual a minute's points can be read: infinitely where they are lost. Asked for in the minutes' order. */
  latenessAt(at: Instant): number;
  /** With which status CloudWatch answers then; null where all is well. */
  statusAt(at: Instant): StatusCode | null;
}

interface Time {
  from: Instant;
  until: Instant;
}

const never: Time = { from: 0, until: 0 };

/** Each hour may bring an outage, some minutes in which points come late, and some in which CloudWatch refuses. */
export function createDarkness(faults: Faults, chance: Chance): Darkness {
  const state = { hour: -1, outage: never, late: never, refusing: never, status: "PartialData" as StatusCode };
  const within = ({ from, until }: Time, at: Instant) => at >= from && at < until;
  const draw = (at: Instant) => {
    const begins = Math.floor(at / hour) * hour;
    if (state.hour === begins) return;
    state.hour = begins;
    const somewhere = (least: number, most: number): Time => {
      const from = begins + chance.integer(0, 59) * minute;
      return { from, until: from + chance.integer(least, most) * minute };
    };
    if (faults.happens("lostEvent")) state.outage = somewhere(1, 45);
    if (faults.happens("reorder")) state.late = somewhere(2, 15);
    if (!faults.happens("refusal")) return;
    state.refusing = somewhere(1, 6);
    state.status = chance.pick(["PartialData", "InternalError", "Forbidden"] as const);
  };
  return {
    latenessAt(at) {
      draw(at);
      if (within(state.outage, at)) return Number.POSITIVE_INFINITY;
      return within(state.late, at) ? chance.integer(2, 14) * minute : 0;
    },
    statusAt: (at) => (within(state.refusing, at) ? state.status : null),
  };
}
