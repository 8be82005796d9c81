import { type HeldPoints, hold } from "../../shared/backups/prune.ts";
import { copiedAt } from "../../shared/backups/restorable.ts";
import type { Job, RecoveryPoint, Vault } from "../../shared/backups/types.ts";
import { Unavailable } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Observers, Place } from "./observers.ts";
import { badJobsOf, copyJobsOf, isVanished, mayBeGone, pointsOf, vaultsOf, whyNot } from "./points.ts";
import type { Source } from "./sources.ts";

/** So often a copy is copied on, at most. */
const maximumCopies = 8;

/** One reading of vaults, points and jobs, in one region after the other. */
export class Reading {
  readonly vaults: Vault[] = [];
  readonly sources: Source[] = [];
  /** Regions of which not all points could be read. */
  readonly unread = new Map<string, string>();
  readonly #held: HeldPoints = new Map();
  readonly #jobs: Job[] = [];
  /** By the copy's ARN, that of the point that was copied. */
  readonly #copies = new Map<string, string>();
  /** Points that were copied, by their ARN. */
  readonly #copied = new Map<string, RecoveryPoint>();
  /** Copies whose instant is known when all that was copied is. */
  #undated: RecoveryPoint[] = [];
  readonly #now: Instant;
  readonly #hasTime: () => boolean;

  constructor(now: Instant, hasTime: () => boolean) {
    this.#now = now;
    this.#hasTime = hasTime;
  }

  async region({ backup }: Observers, { region }: Place): Promise<void> {
    await this.#around("copy-jobs", region, async () => {
      for await (const { copies, bad } of copyJobsOf(backup, this.#now)) {
        for (const [copy, source] of copies) this.#copies.set(copy, source);
        this.#jobs.push(...bad);
      }
    });
    // A copy job is told where it began, and so in the region of what was copied.
    const copied = new Set(this.#copies.values());
    await this.#around("recovery-points", region, async () => {
      for await (const vaults of vaultsOf(backup, region, this.#now)) {
        for (const vault of vaults) {
          this.vaults.push(vault);
          await this.#vault(backup, vault, copied);
        }
      }
    });
  }

  async #vault(backup: Observers["backup"], { name, region }: Vault, copied: ReadonlySet<string>): Promise<void> {
    try {
      this.#requireTime();
      for await (const page of pointsOf(backup, name, region)) {
        for (const point of page) if (copied.has(point.arn)) this.#copied.set(point.arn, point);
        this.#undated.push(...page.filter((point) => this.#isCopy(point)));
        hold(
          this.#held,
          page.filter((point) => !this.#isCopy(point)),
        );
        this.#requireTime();
      }
    } catch (error) {
      if (mayBeGone(error)) this.#forget(name, region);
      const reason = isVanished(error)
        ? `the vault ${name} vanished while it was read`
        : whyNot(`the vault ${name}`, error);
      this.unread.set(region, reason);
      this.sources.push({ source: `vault ${name}`, region, complete: false, reason });
    }
  }

  /** What was in a vault that may be gone proves nothing. */
  #forget(name: string, region: string): void {
    const isLeft = (point: RecoveryPoint) => point.vault !== name || point.region !== region;
    for (const [resource, points] of this.#held) this.#held.set(resource, points.filter(isLeft));
    this.#undated = this.#undated.filter(isLeft);
  }

  #requireTime(): void {
    if (!this.#hasTime()) throw new Unavailable("no time was left");
  }

  /** By resource. */
  async jobs({ backup }: Observers, { region }: Place): Promise<Map<string, Job[]>> {
    await this.#around("backup-jobs", region, async () => {
      for await (const page of badJobsOf(backup, this.#now)) this.#jobs.push(...page);
    });
    return Map.groupBy(this.#jobs, ({ resourceArn }) => resourceArn);
  }

  /** All that is held, copies with the instant of what was copied: the jobs of all regions are known by now. */
  finished(): HeldPoints {
    hold(
      this.#held,
      this.#undated.map((copy) => this.#dated(copy)),
    );
    return this.#held;
  }

  #isCopy({ arn, isCopy }: RecoveryPoint): boolean {
    return isCopy || this.#copies.has(arn);
  }

  #dated(point: RecoveryPoint): RecoveryPoint {
    const copy = this.#asCopy(point);
    const chain: RecoveryPoint[] = [];
    for (let { copyOf } = copy; copyOf !== null && chain.length < maximumCopies; ) {
      const source = this.#copied.get(copyOf);
      if (source === undefined) break;
      const next = this.#isCopy(source) ? this.#asCopy(source) : source;
      chain.push(next);
      copyOf = next.copyOf;
    }
    return { ...copy, consistentAt: copiedAt(copy, chain) };
  }

  #asCopy(point: RecoveryPoint): RecoveryPoint {
    return { ...point, isCopy: true, copyOf: this.#copies.get(point.arn) ?? null };
  }

  async #around(source: string, region: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
      this.sources.push({ source, region, complete: true, reason: null });
    } catch (error) {
      const reason = whyNot(source, error);
      if (source === "recovery-points") this.unread.set(region, reason);
      this.sources.push({ source, region, complete: false, reason });
    }
  }
}
