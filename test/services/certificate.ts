/** A certificate for servers of tests, signed by itself, made anew: no key lies in the repository. */
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runAs, type ServerUser } from "./server-user.ts";

/** The files of a certificate for one host name, and for no address. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * @param user who is to own the key, which servers want to be theirs alone
 * @param host whose certificate it is
 */
export async function makeCertificate(folder: string, user: ServerUser, host = "localhost"): Promise<Certificate> {
  const [certificate, key] = [join(folder, "server.crt"), join(folder, "server.key")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const name = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  runAs(
    undefined,
    "openssl",
    ["req", "-x509", ...curve, "-nodes", "-days", "2", ...name, "-keyout", key, "-out", certificate],
    folder,
  );
  for (const file of [certificate, key]) if (user !== undefined) await chown(file, user.uid, user.gid);
  return { certificate, key };
}

/** A pg_hba.conf. @returns its path */
export async function hostRules(folder: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, "hba.conf");
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o644 });
  return path;
}
