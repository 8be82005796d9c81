// An ACM that lives in memory, with the little of it that rotations and the audit use: the list, a description, an import. What it
// claims is a suite in test/contract.

import { X509Certificate } from "node:crypto";
import {
  type ACMClient,
  type CertificateStatus,
  type CertificateSummary,
  DescribeCertificateCommand,
  type DescribeCertificateCommandInput,
  ImportCertificateCommand,
  type ImportCertificateCommandInput,
  ListCertificatesCommand,
  type ListCertificatesCommandInput,
  ListTagsForCertificateCommand,
  type ListTagsForCertificateCommandInput,
  ResourceNotFoundException,
  ValidationException,
} from "@aws-sdk/client-acm";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface CertificateRecord {
  arn: string;
  type: "IMPORTED" | "AMAZON_ISSUED";
  /** PEM; null of one that ACM made itself. */
  pem: string | null;
  domain: string;
  names: readonly string[];
  notBefore: Instant;
  notAfter: Instant;
  serial: string;
  importedAt: Instant;
  tags?: Readonly<Record<string, string>>;
}

export interface SimulatedAcm {
  /** As the SDK client's. Throws an Error that names the command or parameter for what is not simulated. */
  send: ACMClient["send"];
  /** Every certificate by its ARN; a scene may change them. */
  readonly certificates: Map<string, CertificateRecord>;
}

interface Service {
  now: () => Instant;
  home: { account: string; region: string };
  certificates: Map<string, CertificateRecord>;
}

export function createAcm(options: { now: () => Instant; account: string; region: string }): SimulatedAcm {
  const { now, account, region } = options;
  const service: Service = { now, home: { account, region }, certificates: new Map() };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => answer(service, command)) as ACMClient["send"],
    certificates: service.certificates,
  };
}

function answer(service: Service, command: unknown): unknown {
  if (command instanceof ImportCertificateCommand) return importCertificate(service, command.input);
  if (command instanceof DescribeCertificateCommand) return describeCertificate(service, command.input);
  if (command instanceof ListTagsForCertificateCommand) return listTags(service, command.input);
  if (command instanceof ListCertificatesCommand) return listCertificates(service, command.input);
  throw new Error(`the simulated ACM does not implement ${commandName(command)}`);
}

const ok = { $metadata: { httpStatusCode: 200 } };

function importCertificate(service: Service, input: ImportCertificateCommandInput): object {
  const known = ["CertificateArn", "Certificate", "PrivateKey", "CertificateChain", "Tags"];
  refuseUnknown("ImportCertificateCommand", input, known);
  const before = input.CertificateArn === undefined ? null : recordOf(service, input.CertificateArn);
  if (before !== null && input.Tags !== undefined) throw invalid("Tagging is not permitted on re-import.");
  if (before?.type === "AMAZON_ISSUED") throw invalid("The certificate was not imported.");
  const pem = new TextDecoder().decode(input.Certificate);
  const key = new TextDecoder().decode(input.PrivateKey);
  if (!key.includes("PRIVATE KEY")) throw invalid("The private key is not in a valid PEM format.");
  const read = readCertificate(pem);
  const { account, region } = service.home;
  const number = String(service.certificates.size + 1).padStart(12, "0");
  const arn = before?.arn ?? `arn:aws:acm:${region}:${account}:certificate/00000000-0000-4000-8000-${number}`;
  const tags = before?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  service.certificates.set(arn, { ...read, arn, type: "IMPORTED", pem, importedAt: service.now(), tags });
  return { ...ok, CertificateArn: arn };
}

function describeCertificate(service: Service, input: DescribeCertificateCommandInput): object {
  refuseUnknown("DescribeCertificateCommand", input, ["CertificateArn"]);
  const record = recordOf(service, input.CertificateArn ?? "");
  const Serial = record.serial.match(/../g)?.join(":") ?? "";
  return { ...ok, Certificate: { ...shown(service, record), Serial, SubjectAlternativeNames: [...record.names] } };
}

function listTags(service: Service, input: ListTagsForCertificateCommandInput): object {
  refuseUnknown("ListTagsForCertificateCommand", input, ["CertificateArn"]);
  const { tags = {} } = recordOf(service, input.CertificateArn ?? "");
  return { ...ok, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function listCertificates(service: Service, input: ListCertificatesCommandInput): object {
  // Without Includes.keyTypes it shows certificates of RSA keys up to 2048 bits alone; the audit states them all.
  refuseUnknown("ListCertificatesCommand", input, ["NextToken", "MaxItems", "Includes", "CertificateStatuses"]);
  const from = Number(input.NextToken ?? "0");
  const to = from + (input.MaxItems ?? 100);
  const wanted = input.CertificateStatuses;
  const every = [...service.certificates.values()].map((record) => shown(service, record));
  const all = wanted === undefined ? every : every.filter(({ Status }) => wanted.includes(Status));
  const CertificateSummaryList = all.slice(from, to);
  return { ...ok, CertificateSummaryList, ...(to < all.length ? { NextToken: String(to) } : {}) };
}

function shown({ now }: Service, record: CertificateRecord): CertificateSummary & { Status: CertificateStatus } {
  return {
    CertificateArn: record.arn,
    DomainName: record.domain,
    Status: record.notAfter <= now() ? "EXPIRED" : "ISSUED",
    Type: record.type,
    NotBefore: new Date(record.notBefore),
    NotAfter: new Date(record.notAfter),
    ImportedAt: new Date(record.importedAt),
  };
}

function readCertificate(
  pem: string,
): Pick<CertificateRecord, "domain" | "names" | "notBefore" | "notAfter" | "serial"> {
  try {
    const read = new X509Certificate(pem);
    const names = [...(read.subjectAltName ?? "").matchAll(/DNS:([^,]+)/g)].map(([, name = ""]) => name);
    const [, domain = names[0] ?? ""] = /^CN=(.+)$/m.exec(read.subject) ?? [];
    const [notBefore, notAfter] = [read.validFromDate.getTime(), read.validToDate.getTime()];
    const serial = read.serialNumber.toLowerCase();
    return { domain, names: names.length > 0 ? names : [domain], notBefore, notAfter, serial };
  } catch {
    throw invalid("The certificate field contains more than one certificate, or is not valid.");
  }
}

function recordOf({ certificates }: Service, arn: string): CertificateRecord {
  const record = certificates.get(arn);
  if (record !== undefined) return record;
  const message = `Could not find certificate ${arn}.`;
  throw new ResourceNotFoundException({ message, $metadata: { httpStatusCode: 400 } });
}

function invalid(message: string): ValidationException {
  return new ValidationException({ message, $metadata: { httpStatusCode: 400 } });
}

function refuseUnknown(command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated ACM does not implement ${name} of ${command}`);
    }
  }
}
