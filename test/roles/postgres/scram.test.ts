import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { assert as assertProperty, asyncProperty, string } from "fast-check";
import { scramVerifier, verifies } from "../../../lib/roles/postgres/scram";

const SALT = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");

describe("a SCRAM-SHA-256 verifier", () => {
  it("satisfies the example exchange of RFC 7677", async () => {
    const verifier = await scramVerifier("pencil", SALT);
    const [, storedKey = "", serverKey = ""] = /\$([^$:]+):([^$:]+)$/.exec(verifier) ?? [];
    const exchange = [
      "n=user,r=rOprNGfwEbeRWgbNEkqO",
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    ].join(",");
    const mac = (key: string) => createHmac("sha256", Buffer.from(key, "base64")).update(exchange).digest();

    assert.equal(mac(serverKey).toString("base64"), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
    const signature = mac(storedKey);
    const clientKey = proof.map((byte, index) => byte ^ (signature[index] ?? 0));
    assert.equal(createHash("sha256").update(clientKey).digest("base64"), storedKey);
  });

  it("has PostgreSQL's format, and a new salt each time", async () => {
    const [one, two] = await Promise.all([scramVerifier("same"), scramVerifier("same")]);
    assert.match(one, /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/);
    assert.notEqual(one, two);
  });

  it("is the same for two Unicode forms of one text", async () => {
    assert.equal(await scramVerifier("\u00e9\u00a0\u2168", SALT), await scramVerifier("e\u0301 IX", SALT));
  });

  it("uses passwords prohibited by SASLprep unchanged, like PostgreSQL", async () => {
    assert.ok(await verifies(await scramVerifier("bell\u0007\u00e9"), "bell\u0007\u00e9"));
  });

  it("verifies only its own password", async () => {
    await assertProperty(
      asyncProperty(string({ minLength: 1, unit: "grapheme-ascii" }), async (password) => {
        const verifier = await scramVerifier(password, undefined, 2);
        assert.equal(await verifies(verifier, password), true);
        assert.equal(await verifies(verifier, `${password}x`), false);
      }),
    );
  });

  it("rejects a text that is not a verifier", async () => {
    for (const text of ["", "md5abc", "SCRAM-SHA-256$4096:"]) assert.equal(await verifies(text, "any"), false);
  });
});
