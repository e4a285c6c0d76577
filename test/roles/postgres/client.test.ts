import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { codeOf, fault } from "../../../lib/errors";
import { postgres } from "../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../lib/local/postgres/logins";
import { dataFolder } from "../../../lib/local/postgres/programs";
import { remoteOf } from "../../../lib/local/remote";
import type { Address } from "../../../lib/roles/postgres/client";
import { connected, query } from "../../../lib/roles/postgres/run";
import { writeInto } from "../../../lib/local/postgres/write-into";
import { temporaryFolder, testServer, type TestServer } from "../../support/local-server";
import { options } from "../../support/postgres-server";
import { skipWithout, skipUnless } from "../../support/prerequisite";

/** Creates a CA, and a certificate for `localhost` signed by it. */
const makeCertificate = (folder: string): void => {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=an authority", "-days", "2");
  openssl("req", "-x509", ...newKey, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=another authority", "-days", "2");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:localhost"];
  openssl("req", "-x509", ...newKey, ...signed, "-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=localhost", "-days", "2");
};

describe("a TLS connection to a third-party PostgreSQL", () => {
  let theirs: TestServer;
  let certificates: Awaited<ReturnType<typeof temporaryFolder>>;
  let login: { readonly username: string; readonly password: string };
  before(async function () {
    await skipWithout(this, "openssl");
    certificates = await temporaryFolder("certificates");
    makeCertificate(certificates.folder);
    theirs = await testServer("with-tls", postgres, "17");
    await theirs.start();
    await theirs.stop();
    const data = dataFolder(theirs.server);
    for (const file of ["server.key", "server.pem"])
      await writeInto(data, file, await readFile(path.join(certificates.folder, file), "utf8"));
    const settings = ["ssl = on", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'"];
    await appendFile(path.join(data, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
    const starts = await theirs.start().then(
      () => true,
      () => false,
    );
    skipUnless(this, starts, "this PostgreSQL was built without TLS");
    login = { username: ADMINISTRATOR, password: await theirs.server.credentials.get(ADMINISTRATOR) };
  });
  after(async () => {
    await theirs?.remove();
    await certificates?.remove();
  });

  const at = (host: string, tls: Address["tls"]): Address => ({ host, port: theirs.server.port, ...(tls && { tls }) });
  const isEncrypted = async (address: Address): Promise<unknown> => {
    const [row] = await connected(address, login, "postgres", (client) =>
      query(client, "select ssl from pg_stat_ssl where pid = pg_backend_pid()", "look"),
    );
    return row?.["ssl"];
  };
  const ca = (name = "ca.pem") => path.join(certificates.folder, name);

  it("is encrypted with `require`, and verifies the server with `verify-full`", async () => {
    assert.equal(await isEncrypted(at("localhost", { mode: "off" })), false);
    assert.equal(await isEncrypted(at("127.0.0.1", { mode: "require" })), true);
    assert.equal(await isEncrypted(at("localhost", { mode: "verify-full", ca: ca() })), true);
  });

  it("is rejected with a fix if the server's identity does not match", async () => {
    const cases: readonly (readonly [address: Address, reason: RegExp])[] = [
      [at("127.0.0.1", { mode: "verify-full", ca: ca() }), /ERR_TLS_CERT_ALTNAME_INVALID/],
      [at("localhost", { mode: "verify-full", ca: ca("other.pem") }), /UNABLE_TO_|SIGNATURE/],
      [at("localhost", { mode: "verify-full" }), /UNABLE_TO_|SIGNATURE/],
    ];
    for (const [address, reason] of cases)
      await assert.rejects(isEncrypted(address), (error: Error) => {
        assert.equal(codeOf(error), "TLS_FAILED", error.message);
        assert.match(error.message, reason);
        assert.match(error.message, /fix: correct `tls`/);
        return true;
      });
  });

  it("works the same for the app", async () => {
    const tls = { mode: "verify-full", ca: ca() } as const;
    const server = { host: "localhost", port: theirs.server.port, tls, administrator: login };
    const marks = { beginning: "endow ", part: "", known: ["endow a"] };
    const request = { id: "a.url", options: options(), mark: "endow a", marks, nameFor: () => "protected" };
    const { fields } = await remoteOf("postgres").lease(server, { ...request, password: async () => "of-the-role-itself" });
    assert.deepEqual(fields, {
      host: "localhost",
      port: theirs.server.port,
      database: "protected",
      username: "protected",
      password: "of-the-role-itself",
      tls,
    });
    const passwordless = remoteOf("postgres").lease(server, {
      ...request,
      nameFor: () => "other",
      marks: { ...marks, known: ["endow b"] },
      password: () => Promise.reject(fault("NOT_WRITTEN", "the password cannot be written down", "make room")),
    });
    await assert.rejects(passwordless, { code: "NOT_WRITTEN" });
    const names = await connected(at("localhost", tls), login, "postgres", (client) =>
      query(client, "select 1 from pg_roles where rolname like 'other%'", "look"),
    );
    assert.deepEqual(names, []);
  });
});
