import { type Failure, failure, isFailure } from "../../failure.ts";
import { newPassword } from "../../password.ts";
import type { Rotation, Steps, Strategy } from "../../strategy.ts";
import { fieldTag, lengthTag } from "../../tags.ts";
import { type Fields, fieldsOf, textField, type Value } from "../../value.ts";

/** A value that nobody but the secret's readers knows: it is made, and nobody has to be told. */
export const strategy: Strategy = {
  name: "random",
  summary: "replaces a value that only the secret's readers know by a new random one",
  cost: "Whoever keeps the value in memory disagrees with those who have read the new one, until it is read again.",
  steps: (rotation, current) => {
    const place = placeOf(rotation, current);
    return isFailure(place) ? place : stepsFor(place);
  },
  create: async (rotation, current) => {
    const place = placeOf(rotation, current);
    if (isFailure(place)) return place;
    const made = newPassword(rotation.outside.random, place.length);
    return { text: place.field === null ? made : JSON.stringify({ ...place.fields, [place.field]: made }) };
  },
  set: async () => null,
  test: async (rotation, { current, pending }) => {
    const [before, after] = [secretOf(rotation, current), secretOf(rotation, pending)];
    if (isFailure(before)) return before;
    if (isFailure(after)) return after;
    return before === after ? failure("policy", "the new value is the old one", "start the rotation again") : null;
  },
  provesDeath: false,
  login: async () => null,
  // Nobody checks the value, so nobody can be told to refuse the old one.
  retire: async () => null,
  abandon: async () => null,
  preflight: async (rotation, current) => {
    const place = placeOf(rotation, current);
    if (isFailure(place)) return [{ what: "value", failure: place, seen: "nothing that could be replaced" }];
    return [{ what: "value", failure: null, seen: `${nameOf(place)}, ${place.length} characters` }];
  },
};

/** What of the value is replaced; all of it when the field is null. */
interface Place {
  field: string | null;
  fields: Fields;
  length: number;
}

function placeOf({ secret: { tags } }: Rotation, value: Value): Place | Failure {
  const length = Number(tags[lengthTag] ?? "40");
  if (!Number.isInteger(length) || length < shortest || length > longest) {
    const remedy = `state a number from ${shortest} to ${longest}, or leave the tag away`;
    return failure("malformed", `its tag ${lengthTag} is no length`, remedy);
  }
  const fields = fieldsOf(value);
  if (isFailure(fields)) {
    if (tags[fieldTag] === undefined) return { field: null, fields: {}, length };
    return failure("malformed", `${fields.message}, and its tag ${fieldTag} names a field`, fields.remedy);
  }
  const field = tags[fieldTag] ?? "password";
  const present = textField(fields, field);
  return isFailure(present) ? present : { field, fields, length };
}

// 20 characters of this alphabet are more than 115 bits; a secret holds 65,536 bytes.
const shortest = 20;
const longest = 4_096;

function secretOf(rotation: Rotation, value: Value): string | Failure {
  const place = placeOf(rotation, value);
  if (isFailure(place)) return place;
  return place.field === null ? value.text : textField(place.fields, place.field);
}

function nameOf({ field }: Place): string {
  return field === null ? "the whole value" : `the field ${field}`;
}

function stepsFor(place: Place): Steps {
  return {
    createSecret: `makes ${place.length} random characters for ${nameOf(place)}`,
    setSecret: "nothing: nobody has to be told",
    testSecret: "compares the new value with the old one, which must differ",
    finishSecret: "makes the new value the current one",
    retire: "nothing: nobody checks the value",
  };
}
