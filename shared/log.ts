/** Where a function writes what it did: one structured line each, `fields` beside the message. Never a secret. */
export interface Log {
  info(message: string, ...fields: Fields[]): void;
  warn(message: string, ...fields: Fields[]): void;
  error(message: string, ...fields: Fields[]): void;
}

/** Of any name but those that the logger keeps for itself: what is given under one of them it drops, and complains. */
export type Fields = Record<string, unknown> & { [Name in KeptName]?: never };

type KeptName = "level" | "message" | "service" | "timestamp" | "sampling_rate";
