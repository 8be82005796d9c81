import { DescribeCertificateCommand, ImportCertificateCommand } from "@aws-sdk/client-acm";
import { errorName, refusedBy } from "../../aws.ts";
import { type Certificate, plainSerial } from "../../certificates.ts";
import { type Failure, failure, isFailure } from "../../failure.ts";
import type { Outside } from "../../outside.ts";

interface Imported {
  serial: string;
  names: readonly string[];
}

/** What ACM has under an ARN, which must be something that was imported. */
export async function importedAt({ acm }: Pick<Outside, "acm">, arn: string): Promise<Imported | Failure> {
  try {
    const { Certificate: found } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
    if (found?.Type !== "IMPORTED") {
      return failure("policy", "ACM made the certificate at acmArn itself, and renews it", "take acmArn away");
    }
    const names = found.SubjectAlternativeNames ?? [found.DomainName ?? ""];
    return { serial: plainSerial(found.Serial ?? ""), names: names.map((name) => name.toLowerCase()).toSorted() };
  } catch (error) {
    return acmFailure("acm:DescribeCertificate", error);
  }
}

/**
 * Puts the certificate in the place of the one that ACM has; whoever uses it there keeps it. Only over one for the same names: who
 * may write a secret must not choose whose certificate is replaced. Null also when it is there already.
 */
export async function importTo(outside: Outside, arn: string, certificate: Certificate): Promise<Failure | null> {
  const present = await importedAt(outside, arn);
  if (isFailure(present)) return present;
  if (present.names.join() !== certificate.names.join()) {
    return failure(
      "policy",
      "the certificate at acmArn is for other names",
      "correct acmArn, or import the first one by hand",
    );
  }
  if (present.serial === certificate.serial) return null;
  const { chain, privateKey } = certificate;
  const bytes = (pem: string) => new TextEncoder().encode(pem);
  try {
    await outside.acm.send(
      new ImportCertificateCommand({
        CertificateArn: arn,
        Certificate: bytes(chain[0] ?? ""),
        PrivateKey: bytes(privateKey ?? ""),
        ...(chain.length > 1 ? { CertificateChain: bytes(chain.slice(1).join("\n")) } : {}),
      }),
    );
    return null;
  } catch (error) {
    return acmFailure("acm:ImportCertificate", error);
  }
}

function acmFailure(action: string, error: unknown): Failure {
  switch (errorName(error)) {
    case "ResourceNotFoundException":
    case "InvalidArnException":
      return failure(
        "malformed",
        "ACM has no certificate at acmArn",
        "correct acmArn, or import the first one by hand",
      );
    case "ValidationException":
    case "InvalidParameterException":
      return failure(
        "policy",
        "ACM does not take the certificate",
        "look whether ACM knows its key's algorithm and size",
      );
    case "LimitExceededException":
      return failure("policy", "ACM takes no more imports this year", "ask AWS for a higher quota");
    default:
      return refusedBy("ACM", action, error);
  }
}
