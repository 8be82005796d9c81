import { CreateAccessKeyCommand } from "@aws-sdk/client-iam";
import { hour, iso, minute } from "../../../instant.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import { readStage } from "../../reading.ts";
import type { Rotation } from "../../strategy.ts";
import {
  deactivate,
  iamFailure,
  identityFailure,
  type ListedKey,
  lastUse,
  listKeys,
  remove,
  type UserKey,
  userKeyOf,
} from "./keys.ts";

/**
 * Makes a second key of the same user. What is about to be done is noted before it is done: a run that is cut off after IAM made
 * the key and before the secret holds it leaves a key whose secret nobody has, and the next run must know it from everybody else's.
 */
export async function createKey(rotation: Rotation, own: UserKey): Promise<UserKey | Failure> {
  const { outside } = rotation;
  // Who may write the secret must not get a key of a user of their choice: the present key proves whose it is.
  const stranger = await identityFailure(outside, own, 1);
  if (stranger !== null) return stranger;
  const room = await makeRoom(rotation, own);
  if (isFailure(room)) return room;
  await rotation.note(intent(rotation, room));
  try {
    const { AccessKey } = await outside.iam.send(new CreateAccessKeyCommand({ UserName: own.user }));
    const { AccessKeyId: id = "", SecretAccessKey: secret = "" } = AccessKey ?? {};
    await rotation.note({ [madeNote]: id });
    return { ...own, id, secret };
  } catch (error) {
    return iamFailure("iam:CreateAccessKey", error);
  }
}

/** The keys that were there before the first attempt, the times of all attempts, and the id of the key that was made last. */
const beforeNote = "iam.before";
const attemptsNote = "iam.attempts";
const madeNote = "iam.made";

function intent({ notes, now }: Rotation, listed: readonly ListedKey[]): Record<string, string> {
  const attempts = [...listIn(notes[attemptsNote]), iso(now())].slice(-maximumAttempts);
  const before = notes[beforeNote] ?? listed.map(({ id }) => id).join(",");
  return { [beforeNote]: before, [attemptsNote]: attempts.join(",") };
}

function listIn(note: string | undefined): string[] {
  return (note ?? "").split(",").filter((each) => each !== "");
}

const maximumAttempts = 50;

/** The keys that are left when what we left behind is removed: the current one alone. */
async function makeRoom(rotation: Rotation, own: UserKey): Promise<ListedKey[] | Failure> {
  const listed = await listKeys(rotation.outside, own.user);
  if (isFailure(listed)) return listed;
  if (!listed.some(({ id, isActive }) => id === own.id && isActive)) {
    return failure("policy", "the secret's access key is not an active one of its user", "store the key that is used");
  }
  const kept = await keptIds(rotation, own);
  if (isFailure(kept)) return kept;
  for (const key of listed.filter(({ id }) => id !== own.id)) {
    const problem = isOrphan(rotation, key, kept)
      ? await removeOrphan(rotation, own, key)
      : await removeRetired(rotation, own, key, kept.previous);
    if (problem !== null) return problem;
  }
  return listed.filter(({ id }) => id === own.id);
}

interface Kept {
  ids: readonly string[];
  previous: string | null;
}

/** The keys that a version of the secret holds. The current one must still be what we were given. */
async function keptIds({ outside, secret }: Rotation, own: UserKey): Promise<Kept | Failure> {
  const found: Record<string, string | null> = {};
  for (const stage of ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"]) {
    const value = await readStage(outside, secret.arn, stage);
    if (isFailure(value)) return value;
    const key = value === null ? null : userKeyOf(value);
    found[stage] = key === null || isFailure(key) ? null : key.id;
  }
  if (found.AWSCURRENT !== own.id) {
    return failure("policy", "the secret was changed while it was rotated", "start the rotation again");
  }
  return { ids: Object.values(found).flatMap((id) => id ?? []), previous: found.AWSPREVIOUS ?? null };
}

/**
 * Ours, and lost: made after we noted that we were about to make one, within the time that a function can run, and in no version.
 */
function isOrphan({ notes }: Rotation, { id, createdAt }: ListedKey, { ids }: Kept): boolean {
  if (ids.includes(id) || notes[beforeNote] === undefined || listIn(notes[beforeNote]).includes(id)) return false;
  if (notes[madeNote] === id) return true;
  return listIn(notes[attemptsNote]).some((attempt) => {
    // IAM's dates are whole seconds, and its clock is another.
    const sinceMs = createdAt - Date.parse(attempt);
    return sinceMs >= -5_000 && sinceMs <= 15 * minute;
  });
}

async function removeOrphan({ outside }: Rotation, own: UserKey, { id }: ListedKey): Promise<Failure | null> {
  const used = await lastUse(outside, id);
  if (isFailure(used)) return used;
  // Nobody has the secret of ours, so one that was used is somebody's.
  return used.at === null ? await remove(outside, own.user, id) : needsOperator();
}

async function removeRetired(
  { outside, now, graceHours }: Rotation,
  own: UserKey,
  key: ListedKey,
  previous: string | null,
): Promise<Failure | null> {
  if (key.id !== previous) return needsOperator();
  if (key.isActive) {
    return failure("policy", "the previous access key is not retired yet", "wait until heal-rotations has retired it");
  }
  const used = await lastUse(outside, key.id);
  if (isFailure(used)) return used;
  if (used.at !== null && used.at > now() - graceHours * hour) {
    const message = `the previous access key was used less than ${graceHours} h ago`;
    return failure("policy", message, "look who uses it; it is deleted when nobody has for so long");
  }
  return await remove(outside, own.user, key.id);
}

function needsOperator(): Failure {
  return failure(
    "policy",
    "needs-operator: the user has a second access key that is not Nightshift's to delete",
    "delete it if nobody uses it, then start the rotation again",
  );
}

/** What was made and will never be promoted. One of which nothing proves that we made it is only deactivated. */
export async function abandonKey(rotation: Rotation, own: UserKey, pendingId: string | null): Promise<Failure | null> {
  const { outside, notes } = rotation;
  const kept = await keptIds(rotation, own);
  if (isFailure(kept)) return kept;
  if (pendingId !== null) {
    if (pendingId === own.id || pendingId === kept.previous) return null;
    return notes[madeNote] === pendingId
      ? await remove(outside, own.user, pendingId)
      : await deactivate(outside, own.user, pendingId);
  }
  const listed = await listKeys(outside, own.user);
  if (isFailure(listed)) return listed;
  for (const key of listed.filter((each) => each.id !== own.id && isOrphan(rotation, each, kept))) {
    const problem = await removeOrphan(rotation, own, key);
    if (problem !== null) return problem;
  }
  return null;
}
