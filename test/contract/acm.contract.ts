// What the simulated ACM claims of certificates that are imported.

import {
  type ACMClient,
  DescribeCertificateCommand,
  ImportCertificateCommand,
  ListCertificatesCommand,
  type ListCertificatesCommandOutput,
  ListTagsForCertificateCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-acm";
import { describe, expect } from "vitest";
import { day } from "../../shared/instant.ts";
import { createAuthority, type Issued } from "../secrets/authority.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface AcmConnection {
  send: ACMClient["send"];
  /** The time that it takes for the present. */
  now: () => number;
}

export type ConnectAcm = () => Promise<AcmConnection>;

export function acmContract(name: string, connect: ConnectAcm, exceptions: Exceptions = {}): void {
  describe(`${name}: ACM`, () => {
    const claims = createClaims(name, exceptions);
    imported(claims, connect);
    tags(claims, connect);
    refused(claims, connect);
    claims.end();
  });
}

const names = ["shop.example.com", "www.shop.example.com"];

function authorityAt(now: number) {
  const authority = createAuthority({ name: "an authority", from: now - day, to: now + 3_650 * day });
  const issue = (days: number) => authority.issue({ names, from: now - day, to: now + days * day });
  return { authority, issue };
}

function inputOf({ certificate, privateKey }: Issued, chain: string) {
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  return { Certificate: bytes(certificate), PrivateKey: bytes(privateKey), CertificateChain: bytes(chain) };
}

function imported({ claim }: Claims, connect: ConnectAcm): void {
  claim("describes what was imported by its names, its end and its serial number", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const { CertificateArn } = await send(new ImportCertificateCommand(inputOf(issue(45), authority.certificate)));
    const { Certificate: found } = await send(new DescribeCertificateCommand({ CertificateArn }));
    expect(found).toMatchObject({ CertificateArn, Type: "IMPORTED", Status: "ISSUED", DomainName: names[0] });
    expect(found?.SubjectAlternativeNames).toEqual(names);
    expect(found?.Serial).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2})+$/);
    expect(Math.abs((found?.NotAfter?.getTime() ?? 0) - now() - 45 * day)).toBeLessThan(60_000);
  });
  claim("puts an import in the place of the one before, under the same ARN", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const { CertificateArn } = await send(new ImportCertificateCommand(inputOf(issue(10), authority.certificate)));
    const next = new ImportCertificateCommand({ ...inputOf(issue(90), authority.certificate), CertificateArn });
    expect((await send(next)).CertificateArn).toBe(CertificateArn);
    expect((await send(next)).CertificateArn).toBe(CertificateArn);
    const { Certificate: found } = await send(new DescribeCertificateCommand({ CertificateArn }));
    expect(Math.abs((found?.NotAfter?.getTime() ?? 0) - now() - 90 * day)).toBeLessThan(60_000);
  });
  claim("lists every certificate once, in pages of the size that was asked for, with its end", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const arns: (string | undefined)[] = [];
    for (const days of [1, 2, 3]) {
      arns.push((await send(new ImportCertificateCommand(inputOf(issue(days), authority.certificate)))).CertificateArn);
    }
    const found: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const token = NextToken === undefined ? {} : { NextToken };
      const Includes = { keyTypes: ["RSA_2048" as const, "EC_prime256v1" as const] };
      const page: ListCertificatesCommandOutput = await send(
        new ListCertificatesCommand({ MaxItems: 2, Includes, ...token }),
      );
      const { CertificateSummaryList = [] } = page;
      expect(CertificateSummaryList.length).toBeLessThanOrEqual(2);
      for (const { NotAfter } of CertificateSummaryList) expect(NotAfter).toBeInstanceOf(Date);
      found.push(...CertificateSummaryList.map(({ CertificateArn }) => CertificateArn));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(found.filter((arn) => arns.includes(arn)).toSorted()).toEqual(arns.toSorted());
  });
}

function tags({ claim }: Claims, connect: ConnectAcm): void {
  const Tags = [{ Key: "team", Value: "shop" }];
  claim("tells the tags that it was given", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const input = { ...inputOf(issue(10), authority.certificate), Tags };
    const { CertificateArn } = await send(new ImportCertificateCommand(input));
    expect((await send(new ListTagsForCertificateCommand({ CertificateArn }))).Tags).toEqual(Tags);
  });
  claim("keeps the tags at another import, which takes none", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const input = inputOf(issue(10), authority.certificate);
    const { CertificateArn } = await send(new ImportCertificateCommand({ ...input, Tags }));
    await send(new ImportCertificateCommand({ ...inputOf(issue(20), authority.certificate), CertificateArn }));
    expect((await send(new ListTagsForCertificateCommand({ CertificateArn }))).Tags).toEqual(Tags);
    const again = send(new ImportCertificateCommand({ ...input, CertificateArn, Tags }));
    await expect(again).rejects.toMatchObject({ name: "ValidationException" });
  });
}

function refused({ claim }: Claims, connect: ConnectAcm): void {
  const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-00000000dead";
  claim("does not describe what is not there", async () => {
    const { send } = await connect();
    const asked = send(new DescribeCertificateCommand({ CertificateArn }));
    await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
  claim("does not import to what is not there", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const asked = send(new ImportCertificateCommand({ ...inputOf(issue(10), authority.certificate), CertificateArn }));
    await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
  claim("does not import what is no certificate", async () => {
    const { send, now } = await connect();
    const { authority, issue } = authorityAt(now());
    const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const asked = send(new ImportCertificateCommand(inputOf({ ...issue(10), certificate }, authority.certificate)));
    await expect(asked).rejects.toMatchObject({ name: "ValidationException" });
  });
}
