import {
  type CertificateSummary,
  KeyAlgorithm,
  ListCertificatesCommand,
  type ListCertificatesCommandOutput,
} from "@aws-sdk/client-acm";
import { ListServerCertificatesCommand, type ListServerCertificatesCommandOutput } from "@aws-sdk/client-iam";
import type { Observer } from "./observe.ts";
import type { StoredCertificate } from "./observed.ts";

export interface Stored {
  certificates: StoredCertificate[];
  /** Whether all of both stores were looked at: what is not among these is gone. */
  isComplete: boolean;
}

/** The certificates that ACM and IAM keep. A store that does not answer is a gap. */
export async function storedCertificates({ clients, gaps }: Pick<Observer, "clients" | "gaps">): Promise<Stored> {
  const acm = await gaps.around("ACM's certificates", () => all(acmPages(clients)));
  const iam = await gaps.around("IAM's server certificates", () => all(iamPages(clients)));
  const certificates = [...(acm ?? []), ...(iam ?? [])];
  if ((acm?.length ?? 0) >= maximumCertificates) gaps.add(`only ${maximumCertificates} certificates were looked at`);
  return { certificates, isComplete: acm !== null && iam !== null };
}

const maximumCertificates = 10_000;

async function all(pages: AsyncGenerator<StoredCertificate[]>): Promise<StoredCertificate[]> {
  const found: StoredCertificate[] = [];
  for await (const page of pages) {
    found.push(...page);
    if (found.length >= maximumCertificates) break;
  }
  return found;
}

async function* acmPages({ acm }: Pick<Observer["clients"], "acm">): AsyncGenerator<StoredCertificate[]> {
  // Unless all are named, only RSA keys of 1,024 and 2,048 bits are listed.
  const Includes = { keyTypes: Object.values(KeyAlgorithm) };
  let NextToken: string | undefined;
  do {
    const page: ListCertificatesCommandOutput = await acm.send(
      new ListCertificatesCommand({ Includes, CertificateStatuses: ["ISSUED", "EXPIRED"], MaxItems: 1_000, NextToken }),
    );
    yield (page.CertificateSummaryList ?? []).flatMap(acmCertificate);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
}

function acmCertificate(summary: CertificateSummary): StoredCertificate[] {
  const { CertificateArn: arn, DomainName, NotBefore, NotAfter, InUse = null, Type, RenewalEligibility } = summary;
  if (arn === undefined || NotAfter === undefined) return [];
  const refused = RenewalEligibility === "INELIGIBLE" ? "refused by its store" : "by its store";
  const renewal = Type === "IMPORTED" ? "by hand" : refused;
  const [notBefore, notAfter] = [NotBefore?.getTime() ?? null, NotAfter.getTime()];
  return [{ arn, name: DomainName ?? arn, notBefore, notAfter, renewal, inUse: InUse }];
}

async function* iamPages({ iam }: Pick<Observer["clients"], "iam">): AsyncGenerator<StoredCertificate[]> {
  let Marker: string | undefined;
  do {
    const page: ListServerCertificatesCommandOutput = await iam.send(
      new ListServerCertificatesCommand({ MaxItems: 1_000, Marker }),
    );
    yield (page.ServerCertificateMetadataList ?? []).flatMap(
      ({ Arn: arn, ServerCertificateName: name = "", UploadDate, Expiration }): StoredCertificate[] => {
        if (arn === undefined || Expiration === undefined) return [];
        // IAM does not tell when it begins; it was not uploaded before.
        const notBefore = UploadDate?.getTime() ?? null;
        return [{ arn, name, notBefore, notAfter: Expiration.getTime(), renewal: "by hand", inUse: null }];
      },
    );
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
}
