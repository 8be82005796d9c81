export const faultLevels = ["none", "usual", "harsh"] as const;
export type FaultLevel = (typeof faultLevels)[number];

export const faultKinds = [
  "lostReply",
  "throttle",
  "crash",
  "staleRead",
  "duplicateDelivery",
  "overlap",
  "lateSchedule",
  "missedSchedule",
  "lostEvent",
  "reorder",
  "refusal",
  "conflict",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Probabilities. The first three are drawn for each attempt of a send, the others whenever the world asks. */
export type FaultRates = Readonly<Record<FaultKind, number>>;

export const faultRates: Readonly<Record<FaultLevel, FaultRates>> = {
  none: zeroOfEach(),
  usual: {
    lostReply: 0.002,
    throttle: 0.002,
    crash: 0.002,
    staleRead: 0.02,
    duplicateDelivery: 0.05,
    overlap: 0.02,
    lateSchedule: 0.05,
    missedSchedule: 0.01,
    lostEvent: 0.01,
    reorder: 0.03,
    refusal: 0.02,
    conflict: 0.004,
  },
  harsh: {
    lostReply: 0.01,
    throttle: 0.01,
    crash: 0.01,
    staleRead: 0.1,
    duplicateDelivery: 0.2,
    overlap: 0.1,
    lateSchedule: 0.2,
    missedSchedule: 0.05,
    lostEvent: 0.05,
    reorder: 0.15,
    refusal: 0.1,
    conflict: 0.02,
  },
};

export function zeroOfEach(): Record<FaultKind, number> {
  return {
    lostReply: 0,
    throttle: 0,
    crash: 0,
    staleRead: 0,
    duplicateDelivery: 0,
    overlap: 0,
    lateSchedule: 0,
    missedSchedule: 0,
    lostEvent: 0,
    reorder: 0,
    refusal: 0,
    conflict: 0,
  };
}
