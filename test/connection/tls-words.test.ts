import assert from "node:assert/strict";
import { mongodbProtocol } from "../../lib/connection/mongodb";
import { mysqlProtocol } from "../../lib/connection/mysql";
import { natsProtocol } from "../../lib/connection/nats";
import { parseUrl } from "../../lib/connection/parse";
import { postgresProtocol } from "../../lib/connection/postgres";
import type { Protocol } from "../../lib/connection/protocol";
import { redisProtocol } from "../../lib/connection/redis";
import { smtpProtocol } from "../../lib/connection/smtp";
import type { Tls } from "../../lib/connection/tls";

type Row = readonly [url: string, mode: Tls["mode"], ca?: string];

const rows: Readonly<Record<string, readonly [Protocol<string | number | undefined>, readonly Row[]]>> = {
  PostgreSQL: [
    postgresProtocol,
    [
      ["postgres://db/shop", "off"],
      ["postgres://db/shop?sslmode=disable", "off"],
      ["postgres://db/shop?sslmode=allow", "off"],
      ["postgres://db/shop?sslmode=prefer", "off"],
      ["postgres://db/shop?sslmode=require", "require"],
      ["postgres://db/shop?sslmode=verify-ca&sslrootcert=/ca.pem", "require", "/ca.pem"],
      ["postgres://db/shop?sslmode=verify-full", "verify-full"],
      ["postgres://db/shop?sslmode=VERIFY-FULL", "verify-full"],
      ["postgres://db/shop?sslmode=no-verify", "require"],
      ["postgres://db/shop?sslmode=disable&sslmode=verify-full", "verify-full"],
      ["postgres://db/shop?sslrootcert=system", "verify-full"],
      ["postgres://db/shop?ssl=true", "require"],
      ["postgres://db/shop?ssl=1", "require"],
      ["postgres://db/shop?ssl=false", "off"],
      ["postgresql+asyncpg://db/shop?ssl=verify-full", "verify-full"],
      ["postgresql://db/shop?sslmode=require&sslaccept=strict", "verify-full"],
      ["postgresql://db/shop?sslmode=verify-full&sslaccept=accept_invalid_certs", "require"],
      ["postgresql://db/shop?sslaccept=strict", "off"],
      ["ecto://db/shop?ssl=true", "require"],
      ["jdbc:postgresql://db/shop?ssl=true", "verify-full"],
      ["jdbc:postgresql://db/shop?ssl", "verify-full"],
      ["jdbc:postgresql://db/shop?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory", "require"],
      ["jdbc:postgresql://db/shop?ssl=true&sslmode=require", "require"],
      ["r2dbc:postgresql://db/shop?sslMode=require", "require"],
      ["r2dbcs:postgresql://db/shop", "verify-full"],
      ["prisma://accelerate.prisma-data.net/?api_key=x", "verify-full"],
      ["prisma+postgres://localhost:51213/?api_key=x", "off"],
    ],
  ],
  Redis: [
    redisProtocol,
    [
      ["redis://cache", "off"],
      ["rediss://cache", "verify-full"],
      ["valkeys://cache", "verify-full"],
      ["rediss://cache?ssl_cert_reqs=required", "verify-full"],
      ["rediss://cache?ssl_cert_reqs=CERT_REQUIRED", "verify-full"],
      ["rediss://cache?ssl_cert_reqs=none", "require"],
      ["rediss://cache?ssl_cert_reqs=CERT_NONE", "require"],
      ["rediss://cache?ssl_cert_reqs=CERT_OPTIONAL", "require"],
      ["rediss://cache?ssl_cert_reqs=required&ssl_check_hostname=false", "require"],
      ["rediss://cache?verifyPeer=CA", "require"],
      ["rediss://cache?skip_verify=true", "require"],
      ["rediss://cache?ssl_ca_certs=/ca.pem", "verify-full", "/ca.pem"],
    ],
  ],
  MySQL: [
    mysqlProtocol,
    [
      ["mysql://db/shop", "off"],
      ["mysql://db/shop?ssl-mode=DISABLED", "off"],
      ["mysql://db/shop?ssl-mode=PREFERRED", "off"],
      ["mysql://db/shop?ssl-mode=REQUIRED", "require"],
      ["mysql://db/shop?ssl_mode=VERIFY_CA&ssl_ca=/ca.pem", "require", "/ca.pem"],
      ["jdbc:mysql://db/shop?sslMode=VERIFY_IDENTITY", "verify-full"],
      ["jdbc:mariadb://db/shop?sslMode=trust", "require"],
      ["jdbc:mysql://db/shop?useSSL=true", "off"],
      ["jdbc:mysql://db/shop?useSSL=true&requireSSL=true", "require"],
      ["jdbc:mysql://db/shop?useSSL=false&requireSSL=true", "off"],
      ["mysql://db/shop?sslaccept=strict", "verify-full"],
      ["mysql://db/shop?sslaccept=accept_invalid_certs", "require"],
      ["mysql://db/shop?tls=true", "verify-full"],
      ["mysql://db/shop?tls=skip-verify", "require"],
      ["mysql://db/shop?tls=preferred", "off"],
      ['mysql://db/shop?ssl={"rejectUnauthorized":true}', "verify-full"],
      ['mysql://db/shop?ssl={"rejectUnauthorized":false}', "require"],
      ["mysql://db/shop?ssl=%7B%22rejectUnauthorized%22%3Afalse%7D", "require"],
      ["mysql://db/shop?ssl=Amazon%20RDS", "verify-full"],
      ["mysql://db/shop?ssl=true", "require"],
      ["mysql+pymysql://db/shop?ssl_ca=/ca.pem", "verify-full", "/ca.pem"],
      ["mysql+pymysql://db/shop?ssl_ca=/ca.pem&ssl_check_hostname=false", "require", "/ca.pem"],
      ["mysql+pymysql://db/shop?ssl_ca=/ca.pem&ssl_verify_cert=true", "require", "/ca.pem"],
      ["mysql+pymysql://db/shop?ssl_verify_cert=true", "require"],
      ["mysql+pymysql://db/shop?ssl_ca=/ca.pem&ssl_disabled=true", "off", "/ca.pem"],
    ],
  ],
  MongoDB: [
    mongodbProtocol,
    [
      ["mongodb://db", "off"],
      ["mongodb+srv://db.example.com", "verify-full"],
      ["mongodb+srv://db.example.com/?tls=false", "off"],
      ["mongodb://db/?tls=true", "verify-full"],
      ["mongodb://db/?ssl=true&tlsCAFile=/ca.pem", "verify-full", "/ca.pem"],
      ["mongodb://db/?tls=true&tlsInsecure=true", "require"],
      ["mongodb://db/?tls=true&tlsAllowInvalidHostnames=true", "require"],
      ["mongodb://db/?ssl=true&ssl_cert_reqs=CERT_NONE", "require"],
    ],
  ],
  NATS: [
    natsProtocol,
    [
      ["nats://queue", "off"],
      ["tls://queue", "verify-full"],
      ["wss://queue", "verify-full"],
    ],
  ],
  SMTP: [
    smtpProtocol,
    [
      ["smtp://mail", "off"],
      ["smtps://mail", "verify-full"],
      ["smtp://mail:465", "verify-full"],
      ["smtp+tls://mail", "verify-full"],
      ["smtp://mail?requireTLS=true", "verify-full"],
      ["smtp://mail?encryption=tls", "verify-full"],
      ["smtp://mail?encryption=none", "off"],
      ["smtps://mail?tls.rejectUnauthorized=false", "require"],
      ["smtps://mail?verify_peer=0", "require"],
    ],
  ],
};

describe("the TLS words of client libraries", () => {
  for (const [product, [protocol, table]] of Object.entries(rows))
    for (const [url, mode, ca] of table)
      it(`for ${product} mean ${mode}: ${url}`, () => {
        assert.deepEqual({ ...parseUrl(url, protocol).tls }, { mode, ...(ca !== undefined && { ca }) });
      });

  it("are rejected if they contradict each other", () => {
    assert.throws(() => parseUrl("mongodb://db/?tls=true&ssl=false", mongodbProtocol), /tls and ssl/);
  });
});
