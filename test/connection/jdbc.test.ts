import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { parseUrl } from "../../lib/connection/parse";
import { formatPostgresUrl, postgresProtocol } from "../../lib/connection/postgres";
import { cachedFolder } from "../support/cached";
import { skipWithout } from "../support/prerequisite";
import { credential, databaseName, host, mode, port, shortened } from "./samples";

const VERSION = "42.7.8";
const SHA256 = "2a32a9dcbc42d67a50ad3a0de5efd102c8d2be46720045f2cbd6689f160ab7c7";

/** Parses a URL per line, and prints its properties in base64. */
const PROGRAM = `
import java.nio.charset.StandardCharsets;
import java.util.*;
public class Parse {
  static String encoded(String text) {
    return Base64.getEncoder().encodeToString((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
  }
  public static void main(String[] arguments) throws Exception {
    Scanner lines = new Scanner(System.in, "UTF-8");
    while (lines.hasNextLine()) {
      Properties found = org.postgresql.Driver.parseURL(lines.nextLine(), null);
      List<String> texts = new ArrayList<>();
      for (String name : new String[] {"PGHOST", "PGPORT", "PGDBNAME", "user", "password", "sslmode"})
        texts.add(found == null ? "" : encoded(found.getProperty(name)));
      System.out.println(String.join(" ", texts));
    }
  }
}
`;

describe("Java's PostgreSQL driver", () => {
  let folder: string;
  let jar: string;

  before(async function () {
    await skipWithout(this, "javac");
    folder = await mkdtemp(path.join(os.tmpdir(), "endow-jdbc-"));
    const found = await driver();
    if (found === undefined) return this.skip();
    jar = found;
    await writeFile(path.join(folder, "Parse.java"), PROGRAM);
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Properties by URL: hosts, ports, database, user, password, sslmode. */
  const read = async (urls: readonly string[]): Promise<readonly (readonly string[])[]> => {
    const child = spawn("java", ["-cp", jar, path.join(folder, "Parse.java")], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(urls.map((url) => `${url}\n`).join(""));
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().slice(0, -1).split("\n");
    return lines.map((line) => line.split(" ").map((text) => Buffer.from(text, "base64").toString()));
  };

  it("parses URLs back to their fields", async () => {
    const fields = fc.record({ host, port, database: databaseName, username: credential, password: credential, mode });
    const samples = fc.sample(fields, 1000);
    const found = await read(samples.map(({ mode, ...rest }) => formatPostgresUrl({ ...rest, tls: { mode } }, "jdbc:postgresql")));
    assert.deepEqual(
      found,
      samples.map(({ host, port, database, username, password, mode }) => [
        host.includes(":") ? `[${shortened(host)}]` : host,
        String(port),
        database,
        username,
        password,
        mode === "off" ? "" : mode,
      ]),
    );
  });

  it("reads the same hosts and login", async () => {
    const urls = ["jdbc:postgresql://a:1,b/shop?user=us%40er&password=p%26%2B+%C3%A9", "jdbc:postgresql://[::1]:7/shop?sslmode=require"];
    assert.deepEqual(
      await read(urls),
      urls.map((url) => {
        const { hosts, database, username, password, tls } = parseUrl(url, postgresProtocol);
        return [
          hosts.map((one) => (one.host.includes(":") ? `[${one.host}]` : one.host)).join(","),
          hosts.map((one) => one.port).join(","),
          database,
          username,
          password.reveal(),
          tls.mode === "off" ? "" : tls.mode,
        ];
      }),
    );
  });
});

/** The driver, downloaded from Maven Central on first use; `undefined`, with the reason printed, if that fails. */
const driver = async (): Promise<string | undefined> => {
  const name = `postgresql-${VERSION}.jar`;
  try {
    const folder = await cachedFolder(`pgjdbc-${VERSION}`, async (fresh) => {
      const response = await fetch(`https://repo1.maven.org/maven2/org/postgresql/postgresql/${VERSION}/${name}`);
      if (!response.ok) throw new Error(`Maven Central answered ${response.status}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(createHash("sha256").update(bytes).digest("hex"), SHA256);
      await writeFile(path.join(fresh, name), bytes);
    });
    return path.join(folder, name);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    console.log(`SKIP: pgjdbc: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
};
