import { StringDecoder } from "node:string_decoder";
import { quoted } from "../shared/text.ts";
import { maximumBytes, type Refuse } from "./documents.ts";

/** Where in the text of an array the reader stands. */
interface Place {
  line: number;
  /** 0 outside of any array, 1 between its elements, more within one. */
  depth: number;
  inString: boolean;
  escaped: boolean;
  /** The element that is being read, and the line in which it began. */
  element: string;
  began: number;
  tooLong: boolean;
  /** Between arrays a line may hold a document of its own. */
  bare: boolean;
  /** The last comma of an array wants an element after it. */
  wants: boolean;
}

/** The elements of one array after the other, and the lines between arrays, each as soon as it is whole. Holds no more than one element and one chunk. */
export async function* readArrays(chunks: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<unknown> {
  const decoder = new StringDecoder("utf8");
  const place: Place = {
    line: 1,
    depth: 0,
    inString: false,
    escaped: false,
    element: "",
    began: 1,
    tooLong: false,
    bare: false,
    wants: false,
  };
  for await (const chunk of chunks) {
    for (const character of decoder.write(chunk)) {
      if (step(place, character, refuse)) yield* take(place, refuse);
      if (character === "\n") place.line += 1;
    }
  }
  if (place.bare) yield* take(place, refuse);
  if (place.depth > 0) refuse(place.line, "the array has no end");
}

/** Takes one character; true when an element is whole. */
function step(place: Place, character: string, refuse: Refuse): boolean {
  if (place.bare) {
    if (character === "\n") {
      place.bare = false;
      return true;
    }
    keep(place, character, refuse);
    return false;
  }
  if (place.inString) {
    keep(place, character, refuse);
    if (place.escaped) place.escaped = false;
    else if (character === "\\") place.escaped = true;
    else if (character === '"') place.inString = false;
    return false;
  }
  if (place.depth === 0) {
    if (character === "[") place.depth = 1;
    else if (!/[\s\uFEFF]/.test(character)) {
      place.bare = true;
      keep(place, character, refuse);
    }
    return false;
  }
  if (place.depth === 1 && (character === "," || character === "]")) {
    if (character === "]") place.depth = 0;
    const isMissing = place.element.trim() === "" && !place.tooLong && (character === "," || place.wants);
    if (isMissing) refuse(place.line, "is not JSON: an element of the array is missing");
    place.wants = character === ",";
    return true;
  }
  if (character === "{" || character === "[") place.depth += 1;
  if (character === "}" || character === "]") place.depth -= 1;
  if (character === '"') place.inString = true;
  keep(place, character, refuse);
  return false;
}

function keep(place: Place, character: string, refuse: Refuse): void {
  if (place.element === "") {
    if (/\s/.test(character)) return;
    place.began = place.line;
  }
  if (place.tooLong) return;
  place.element += character;
  if (place.element.length <= maximumBytes) return;
  place.tooLong = true;
  refuse(place.began, "a document over 1 MiB");
}

function take(place: Place, refuse: Refuse): unknown[] {
  const text = place.element.trim();
  const { tooLong, began } = place;
  place.element = "";
  place.tooLong = false;
  if (text === "" || tooLong) return [];
  try {
    return [JSON.parse(text)];
  } catch {
    refuse(began, `is not JSON: ${quoted(text, 60)}`);
    return [];
  }
}
