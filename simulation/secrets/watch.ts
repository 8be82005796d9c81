import { day, hour, type Instant, iso } from "../../shared/instant.ts";
import { mysqlHash } from "../databases/mariadb.ts";
import { redisHash } from "../databases/redis.ts";
import { faultRates } from "../fault-rates.ts";
import type { Promised, Watch } from "../watching.ts";
import type { World } from "../world.ts";
import type { SecretsAccount } from "./account.ts";
import { configured, type EstateSecret, estateSecrets } from "./estate.ts";

/** A credential that something lets in, since when, and until when. */
interface Alive {
  secret: EstateSecret;
  bornAt: Instant;
  diedAt: Instant | null;
}

/** Looks at everything that changes whether what is promised of secrets holds. */
export function watchSecrets(world: World, account: SecretsAccount): Watch {
  const { clock } = world;
  const pending: string[] = [];
  const unusable: string[] = [];
  const state = { looks: 0 };
  /** IAM does not say since when a key is inactive. */
  const deaths = new Map<string, Instant>();
  account.onChange(() => {
    state.looks += 1;
    for (const { id, status } of account.iam.keys.values()) {
      if (status === "Active") deaths.delete(id);
      else if (!deaths.has(id)) deaths.set(id, clock.now());
    }
    for (const { name } of estateSecrets) {
      const labelled = versionsWith(account, name, "AWSPENDING");
      if (labelled.length > 1) pending.push(`${name} has ${labelled.length} pending versions at ${iso(clock.now())}`);
    }
    for (const secret of estateSecrets) {
      const problem = currentProblem(account, secret);
      if (problem !== null) unusable.push(`${secret.name}: ${problem} at ${iso(clock.now())}`);
    }
  });
  return {
    finish: () => [
      { name: "never two pending versions of a secret", figure: `${state.looks} looks`, broken: [...new Set(pending)] },
      { name: "what is current always works", figure: `${state.looks} looks`, broken: [...new Set(unusable)] },
      agesPromised(world, account, lives(account, deaths)),
      counted("rotations", rotations(account)),
      counted("previous credentials retired", lives(account, deaths).filter(({ diedAt }) => diedAt !== null).length),
    ],
  };
}

function counted(name: string, figure: number): Promised {
  return { name, figure: String(figure), counted: true, broken: [] };
}

function rotations({ events }: SecretsAccount): number {
  return new Set(
    events.events.filter(({ type }) => type === "SecretRotated").map(({ detail }) => JSON.stringify(detail)),
  ).size;
}

function versionsWith({ secretsManager }: SecretsAccount, name: string, stage: string): string[] {
  const { versions } = secretsManager.secret(name);
  return [...versions].filter(([, { stages }]) => stages.has(stage)).map(([id]) => id);
}

/** Whether what everybody gets lets them in, looked up where it is kept; null when it does. */
function currentProblem(account: SecretsAccount, { name, opens }: EstateSecret): string | null {
  const [id = ""] = versionsWith(account, name, "AWSCURRENT");
  const text = account.secretsManager.secret(name).versions.get(id)?.value ?? null;
  if (text === null) return "there is no current value";
  if (typeof opens === "string") return null;
  const fields: Record<string, string> = JSON.parse(text);
  if ("iamUser" in opens) {
    return account.iam.keys.get(fields.accessKeyId ?? "")?.status === "Active" ? null : "the current key is not active";
  }
  const hash = opens.engine === "redis" ? redisHash : mysqlHash;
  const held = account.servers.get(opens.host)?.hashesOf(opens.user) ?? [];
  return held.includes(hash(fields.password ?? "")) ? null : "the current password is refused";
}

/** The interval that the secret's kind allows. */
function intervalOf(world: World, { kind }: EstateSecret): Instant | null {
  const days = configured(world.configuration).secrets.kinds[kind ?? ""]?.rotateDays ?? null;
  return days === null ? null : days * day;
}

/**
 * Of those that something lets in: a value that only its readers agree on has no such end. In harsh weather what failed on purpose
 * may have cost time; then it is so much longer at most, and somebody was told in time.
 */
function agesPromised(world: World, account: SecretsAccount, all: readonly Alive[]): Promised {
  const now = world.clock.now();
  const isHarsh = world.faults.rates.crash > faultRates.usual.crash;
  const broken: string[] = [];
  let largestShare = 0;
  for (const { secret, bornAt, diedAt } of all) {
    const interval = intervalOf(world, secret);
    if (interval === null) continue;
    const end = diedAt ?? now;
    const age = end - bornAt;
    largestShare = Math.max(largestShare, age / interval);
    if (age <= interval) continue;
    const lost = isHarsh ? lostBetween(account, bornAt + interval - 3 * day, end) : 0;
    const lived = `a credential of ${secret.name} lived for ${hours(age)} of ${hours(interval)}`;
    if (age > interval + lost) broken.push(`${lived}, and faults cost ${hours(lost)}`);
    else if (!wasTold(account, secret, bornAt + interval + 2 * hour, end)) broken.push(`${lived}, and nobody was told`);
  }
  return {
    name: "no credential lives longer than its interval",
    figure: `${Math.round(largestShare * 1_000) / 10} % of it at most`,
    broken,
  };
}

function lostBetween({ disturbances }: SecretsAccount, from: Instant, to: Instant): number {
  return disturbances.reduce((sum, { at, ms }) => (from <= at && at <= to ? sum + ms : sum), 0);
}

/** Whether a finding about the secret was raised before its credential was two hours too old, or had died. */
function wasTold(
  { events, secretsManager }: SecretsAccount,
  { name }: EstateSecret,
  late: Instant,
  end: Instant,
): boolean {
  const { arn } = secretsManager.secret(name);
  return (
    events.events.some(({ type, at, detail }) => {
      const isAbout = type === "Finding" && JSON.stringify(detail).includes(`"resource":"${arn}","state":"raised"`);
      return isAbout && at <= late && at <= end;
    }) || end <= late
  );
}

function hours(ms: number): string {
  return `${Math.round((ms / hour) * 10) / 10} h`;
}

function lives({ servers, iam }: SecretsAccount, deaths: ReadonlyMap<string, Instant>): Alive[] {
  return estateSecrets.flatMap((secret): Alive[] => {
    const { opens } = secret;
    if (typeof opens === "string") return [];
    if ("iamUser" in opens) {
      const own = [...iam.keys.values()].filter(({ user }) => user === opens.iamUser);
      return own.map(({ id, createdAt }) => ({ secret, bornAt: createdAt, diedAt: deaths.get(id) ?? null }));
    }
    const server = servers.get(opens.host);
    const own = server?.lives.filter(({ user }) => user === opens.user) ?? [];
    return own.map(({ bornAt, diedAt }) => ({ secret, bornAt, diedAt }));
  });
}
