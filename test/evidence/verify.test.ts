import { describe, expect, test } from "vitest";
import { firstOther } from "../../shared/evidence/uncanonical.ts";
import { type Files, flippedAt, having, packs, spliced, verify } from "./packs.ts";

// A chain of evidence that was changed is found at the byte from which it is another.

const { files, links } = packs(3);
const paths = [...files.keys()];
const middle = paths.slice(3, 6);
const bytesOf = (path = "") => files.get(path) ?? Buffer.alloc(0);
const found = (changed: Files, options = {}) =>
  verify(changed, options).problems.map(({ kind, file, offset, until }) => ({ kind, file, offset, until }));
const at = (file: string, offset: number | null, kind = "altered") => ({ kind, file, offset, until: offset });

test("a chain that nobody touched holds, in whatever order it is given", () => {
  const turned = new Map([...files].toReversed());
  for (const given of [files, turned]) {
    const { packs: inOrder, problems, foreign } = verify(given);
    expect({ problems, foreign }).toEqual({ problems: [], foreign: [] });
    expect(inOrder.map(({ header }) => header?.at.slice(11, 13))).toEqual(["12", "13", "14"]);
    expect(inOrder.map(({ sha256 }) => sha256)).toEqual(links.map(({ sha256 }) => sha256));
  }
});

describe("any byte of any file of the middle pack", () => {
  test.each(middle)("flipped: %s", (path) => {
    const bytes = bytesOf(path);
    for (let offset = 0; offset < bytes.length; offset++) {
      expect(found(having(files, path, flippedAt(bytes, offset)))).toEqual([at(path, offset)]);
    }
  });

  test.each(middle)("put in twice, taken out, or followed by no other: %s", (path) => {
    const bytes = bytesOf(path);
    for (let offset = 0; offset < bytes.length; offset += 13) {
      for (const changed of [
        spliced(bytes, offset, 0, "x"),
        spliced(bytes, offset, 0, "xyz"),
        spliced(bytes, offset, 1),
      ]) {
        const first = firstOther(bytes, changed) ?? 0;
        const kind = first === changed.length ? "cut-short" : "altered";
        expect(found(having(files, path, changed))).toEqual([at(path, first, kind)]);
      }
      const cut = bytes.subarray(0, offset);
      expect(found(having(files, path, cut))).toEqual([at(path, offset, "cut-short")]);
    }
    expect(found(having(files, path, spliced(bytes, bytes.length, 0, "\n")))).toEqual([
      at(path, bytes.length, "too-long"),
    ]);
  });

  test.each(middle)("replaced by any other value, or by its neighbour: %s", (path) => {
    const bytes = bytesOf(path);
    for (let offset = 3; offset < bytes.length; offset += 97) {
      expect(found(having(files, path, flippedAt(bytes, offset, 0x5b)), { isRendered: false })).toEqual([
        at(path, offset),
      ]);
      const swapped = Buffer.from(bytes);
      swapped.subarray(offset - 1, offset + 1).swap16();
      const first = firstOther(bytes, swapped);
      expect(found(having(files, path, swapped))).toEqual(first === null ? [] : [at(path, first)]);
    }
  });
});

describe("of the last pack, which nothing follows, and of the first, any byte", () => {
  test.each([...paths.slice(0, 3), ...paths.slice(6)])("flipped: %s", (path) => {
    const bytes = bytesOf(path);
    for (let offset = 0; offset < bytes.length; offset += 5) {
      expect(found(having(files, path, flippedAt(bytes, offset)))).toEqual([at(path, offset)]);
    }
  });
});

describe("more than one byte", () => {
  const [pack = "", markdown = "", manifest = ""] = middle;

  test("of a pack is found in its block of 64, or where it can be no evidence any more", () => {
    const bytes = bytesOf(pack);
    const from = bytes.indexOf("1.5");
    const block = Math.floor(from / 64) * 64;
    expect(found(having(files, pack, spliced(bytes, from, 3, "2.7")))).toEqual([
      { kind: "altered", file: pack, offset: block, until: Math.min(block + 63, bytes.length - 1) },
    ]);
    expect(found(having(files, pack, spliced(bytes, from, 3, "2,7")))).toEqual([
      { kind: "altered", file: pack, offset: block, until: from + 2 },
    ]);
  });

  test("of a report is found exactly where it can be written anew from its pack", () => {
    const changed = having(files, markdown, spliced(bytesOf(markdown), 40, 9, "something else"));
    expect(found(changed)).toEqual([at(markdown, 40)]);
    expect(found(changed, { isRendered: false })).toEqual([{ kind: "altered", file: markdown, offset: 0, until: 63 }]);
  });

  test("of a manifest is found exactly, by its files", () => {
    expect(found(having(files, manifest, spliced(bytesOf(manifest), 200, 30, "?")))).toEqual([at(manifest, 200)]);
    expect(found(having(files, manifest, Buffer.alloc(0)))).toEqual([at(manifest, 0, "cut-short")]);
  });

  test("in two files are two", () => {
    const changed = having(
      having(files, pack, flippedAt(bytesOf(pack), 70)),
      markdown,
      flippedAt(bytesOf(markdown), 9),
    );
    expect(found(changed)).toEqual([at(pack, 70), at(markdown, 9)]);
  });

  test("where two packs were taken for one another, where the one is not the other", () => {
    const [other = ""] = paths.slice(6);
    const changed = having(having(files, pack, bytesOf(other)), other, bytesOf(pack));
    const first = firstOther(bytesOf(pack), bytesOf(other));
    expect(found(changed)).toEqual([at(pack, first), at(other, first)]);
  });
});

describe("what is not there", () => {
  const without = (...gone: (string | undefined)[]) => new Map([...files].filter(([path]) => !gone.includes(path)));

  test("a pack in the middle leaves a gap, at the link that leads nowhere", () => {
    const [last = ""] = paths.slice(6);
    const { problems } = verify(without(...middle));
    expect(problems).toEqual([
      {
        ...at(last, bytesOf(last).indexOf(links[1]?.sha256 ?? "-"), "gap"),
        message: `follows ${links[1]?.key} (SHA-256 ${links[1]?.sha256}), which is not there`,
      },
    ]);
  });

  test("the first pack leaves one too, unless it is said that the rest follows it", () => {
    const rest = without(...paths.slice(0, 3));
    expect(found(rest)).toMatchObject([{ kind: "gap", file: middle[0] }]);
    expect(found(rest, { after: links[0]?.sha256 })).toEqual([]);
    expect(found(rest, { after: links[1]?.sha256 })).toMatchObject([{ kind: "gap" }]);
  });

  test.each(middle)("one file of a pack: %s", (path) => {
    expect(found(without(path))).toEqual([at(path, null, "missing")]);
  });

  test("a manifest, while the pack is damaged: what can be no canonical JSON is found", () => {
    const [pack = "", , manifest = ""] = middle;
    const damaged = having(without(manifest), pack, flippedAt(bytesOf(pack), 0));
    expect(found(damaged)).toEqual([at(manifest, null, "missing"), at(pack, 0)]);
  });
});

describe("what is of another chain, or of two", () => {
  test("a pack that was made anew with its report and its manifest is followed no more", () => {
    const anew = new Map([...packs(2, "eu-west-2").files].slice(3));
    const { problems } = verify(new Map([...files, ...anew]));
    expect(problems.map(({ kind, file, offset, until }) => ({ kind, file, offset, until }))).toContainEqual({
      ...{ kind: "replaced", file: middle[2], offset: 0, until: null },
    });
  });

  test("two chains are two, each in its order", () => {
    const abroad = [...packs(2, "eu-west-2").files].map(([path, bytes]) => [`abroad/${path}`, bytes] as const);
    const { packs: inOrder, problems } = verify(new Map([...files, ...abroad]));
    expect(problems).toEqual([]);
    expect(inOrder.map(({ header }) => header?.region)).toEqual([
      ...["eu-west-1", "eu-west-1", "eu-west-1", "eu-west-2", "eu-west-2"],
    ]);
  });

  test("the same pack under two names is one too many", () => {
    const twice = [...files].slice(3, 6).map(([path, bytes]) => [`copied/${path}`, bytes] as const);
    expect(found(new Map([...files, ...twice]))).toMatchObject([{ kind: "forked", file: `copied/${middle[0]}` }]);
  });

  test("what is no evidence is told apart", () => {
    const others = [
      ["package.json", Buffer.from('{"name":"x"}')] as const,
      ["README.md", Buffer.from("# Read me")] as const,
      ["notes.txt", Buffer.from("")] as const,
    ];
    const { foreign, problems } = verify(new Map([...files, ...others]));
    expect(foreign.toSorted()).toEqual(["README.md", "notes.txt", "package.json"]);
    expect(problems).toEqual([]);
  });
});
