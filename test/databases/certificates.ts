import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An authority, and a server's certificate for the name `localhost` that it has signed. */
export interface Certificates {
  /** As PEM. */
  ca: string;
  /** Of an authority that has signed nothing here. */
  otherCa: string;
  caFile: string;
  certificateFile: string;
  keyFile: string;
}

/** Why none can be made here, in one line; undefined if they can. */
export function missingOpenssl(): string | undefined {
  return spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0 ? undefined : "openssl is not installed";
}

/** Made with openssl in `folder`, valid for two days. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string) => join(folder, name);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  for (const name of ["ca", "other"]) {
    const files = ["-keyout", at(`${name}-key.pem`), "-out", at(`${name}.pem`)];
    openssl(["req", "-x509", ...curve, ...files, "-days", "2", "-subj", `/CN=test authority ${name}`]);
  }
  openssl(["req", ...curve, "-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", "/CN=localhost"]);
  writeFileSync(at("extensions"), "subjectAltName=DNS:localhost\n");
  const signing = ["-CA", at("ca.pem"), "-CAkey", at("ca-key.pem"), "-CAcreateserial", "-extfile", at("extensions")];
  openssl(["x509", "-req", "-in", at("request.pem"), ...signing, "-days", "2", "-out", at("certificate.pem")]);
  return {
    ca: readFileSync(at("ca.pem"), "utf8"),
    otherCa: readFileSync(at("other.pem"), "utf8"),
    caFile: at("ca.pem"),
    certificateFile: at("certificate.pem"),
    keyFile: at("key.pem"),
  };
}

function openssl(parameters: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${parameters[0]} failed: ${stderr}`);
}
