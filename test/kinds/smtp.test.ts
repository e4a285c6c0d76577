import assert from "node:assert/strict";
import { loadSync, settings, smtp } from "../../lib/index";
import { errorOf } from "../support/errors";

const shared = settings("shared", {
  smtp: smtp({ variables: { secure: "SMTP_SECURE", tls: "SMTP_TLS" } }),
});
const load = (env: Record<string, string>) => loadSync(shared, { env }).smtp;

describe("the kind smtp", () => {
  it("accepts parts, of which only the host is required", () => {
    const found = load({ SMTP_HOST: "mail.example.com" });
    assert.deepEqual([found.host, found.port, found.username, found.secure, found.tls.mode], ["mail.example.com", 587, "", false, "off"]);
    const whole = load({ SMTP_HOST: "mail", SMTP_PORT: "2525", SMTP_USERNAME: "me@example.com", SMTP_PASSWORD: "p@ss", SMTP_TLS: "true" });
    assert.deepEqual(
      [whole.port, whole.username, whole.password.reveal(), whole.secure, whole.tls.mode],
      [2525, "me@example.com", "p@ss", false, "verify-full"],
    );
    assert.equal(whole.reveal(), "smtp://me%40example.com:p%40ss@mail:2525?requireTLS=true");
  });

  it("starts with TLS on port 465, or if configured", () => {
    for (const env of [
      { SMTP_PORT: "465", SMTP_SECURE: "" },
      { SMTP_PORT: "", SMTP_SECURE: "true" },
      { SMTP_SECURE: "1", SMTP_PORT: "8465" },
    ]) {
      const { secure, tls, scheme } = load({ SMTP_HOST: "mail", ...env });
      assert.deepEqual([secure, tls.mode, scheme], [true, "verify-full", "smtps"]);
    }
    assert.equal(load({ SMTP_HOST: "mail", SMTP_SECURE: "true" }).port, 465);
    assert.equal(load({ SMTP_HOST: "mail", SMTP_PORT: "465", SMTP_SECURE: "false" }).secure, false);
  });

  it("names a variable when nothing is set, even where the host has none", () => {
    const hostless = settings("shared", { mail: smtp({ variables: { host: false } }) });
    assert.match(errorOf(() => loadSync(hostless, { env: {} })).message, /MAIL_PORT must be configured/);
  });

  it("accepts a URL under the app's name for it", () => {
    const linked = settings("shared", {
      mail: smtp({ variables: { url: "EMAIL_SERVER", host: false, port: false, username: false, password: false } }),
    });
    const read = (url: string) => loadSync(linked, { env: { EMAIL_SERVER: url } }).mail;
    const found = read("smtps://me%40example.com:p%40ss@mail");
    assert.deepEqual([found.host, found.port, found.username, found.secure], ["mail", 465, "me@example.com", true]);
    assert.equal(read("smtp://mail:465").secure, true);
    // Django's libraries take smtps for STARTTLS.
    assert.equal(read("smtps://mail:587").secure, false);
    assert.match(errorOf(() => read("smtp://me@example.com:word@mail")).message, /EMAIL_SERVER has an unencoded @/);
  });

  it("rejects parts that differ from the URL", () => {
    const both = settings("shared", { mail: smtp({ variables: { url: "MAIL_URL", secure: "MAIL_SECURE" } }) });
    const error = errorOf(() => loadSync(both, { env: { MAIL_URL: "smtp://mail", MAIL_SECURE: "true" } }));
    assert.match(error.message, /MAIL_SECURE contradicts MAIL_URL/);
  });

  it("rejects an invalid port or flag", () => {
    assert.match(errorOf(() => load({ SMTP_HOST: "mail", SMTP_PORT: "smtp" })).message, /SMTP_PORT must be a port/);
    assert.match(errorOf(() => load({ SMTP_HOST: "mail", SMTP_SECURE: "maybe" })).message, /SMTP_SECURE must be true or false/);
  });
});
