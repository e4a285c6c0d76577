import assert from "node:assert/strict";
import fc from "fast-check";
import { isPlaceholder, passwordWeaknesses } from "../../lib/kinds/weakness";

/** Values that `.env.example` files of public apps have for their secrets, and the fashions that others follow. */
const examples = `
  generate_a_new_key|get_a_key_from_aws|get_the_secret_of_above_key|get_a_key_from_slack|your_token|secret|CAFEBABE|DEADBEEF|password
  test_Password123|RANDOM_STRING|smtpPassword|<api_key>|abcdef1234|example|your-super-secret-and-long-postgres-password
  your-super-secret-jwt-token-with-at-least-32-characters-long|this_password_is_insecure_and_should_be_updated
  your-32-character-encryption-key|your-encryption-key-32-chars-min|your-super-secret-and-long-logflare-key-public|fake_mail_password
  secret1234|psql1234|authpassword|abcdef|ghijkl|xxxxxxx-xxxxxx-xxxxxxxx-xxxxxxxxxx|SecureAdminPass123!|SecureDbPass456!|testsecret
  budibase|postgres|testpass|secret1233|add some secret here|data encryption key with 32 char|pass|sk-...DTMA|XXXXXXXX
  ************************************************|<office365_password>|<gmail_app_password>|changethis|your-secret-here|<token>
  insert-key|secret123|s3cr3t|0000|aaaaaaaa|sk-proj-xxxxxxxx|change-me|change-me-to-random-256-bit-value|change-in-production|CHANGE_ME
  change-this-secret-before-deploying|change-this-later-with-a-random-secret|change-me-in-production-min-32-chars|your_key|your-api-key
  your_ocr_space_api_key|YOUR_TRADERFIT_API_KEY_HERE|your_gemini_api_key_here|your_jwt_super_secret_key_here|xxxx xxxx xxxx xxxx
  any_secret_here|your_super_secret_jwt_key_change_this_in_production|<service_role_key>|sk-your-openai-api-key-here|sk-...|sk-proj-...
  sk_test_...|sk_test_YourActualSecretKeyHere|sk_test_fake_key_for_ci_testing_only|sk_test_[some numbers and letters goes here]|whsec_...
  test-secret-key-for-ci-minimum-32-chars-long|redmine_env_secret_key_base_do_not_use_in_production_xyz123|<your secret key>|Any random string
  \${SESSION_SECRET}|\${SECRET_KEY:-}|{{ secret }}|(the output of openssl)|replace-me|AKIAIOSFODNN7EXAMPLE
  wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|minioadmin|keycloak|rabbitmq|clickhouse|masterKey|mysupersecretpassword|P@ssw0rd|P@ssw0rd123!
  Passw0rd!2024|adm1n123|qwertyuiop|12345678|a1b2c3d4e5f6|8f9a7b6c5d4e3f2a1b0c9d8e7f6a5b|0123456789abcdef0123456789abcdef
  00000000-0000-0000-0000-000000000000|11111111-2222-3333-4444-555555555555|12341234|deadbeefdeadbeef|changeme123|django-insecure-change-me
  ghp_xxxxxxxxxxxxxxxxxxxx|https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX|https://<key>@<org>.ingest.sentry.io/1
  development-only-secret-key|unsafe-default-secret|letmein123|super-secret-dev-key`
  .split(/[|\n]/)
  .map((text) => text.trim())
  .filter(Boolean);

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const text = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split("")), minLength, maxLength, size: "max" });
const bytes = (minLength: number, encoding: BufferEncoding) =>
  fc.uint8Array({ minLength, maxLength: 64, size: "max" }).map((random) => Buffer.from(random).toString(encoding));

describe("an example of a secret", () => {
  it(`is recognized by its form: ${examples.length} of them`, () => {
    assert.ok(examples.length >= 60);
    assert.deepEqual(
      examples.filter((example) => !isPlaceholder(example)),
      [],
    );
  });

  it("is recognized within white space", () => assert.ok(isPlaceholder(" changeme\n")));
});

describe("a generated secret", () => {
  // fast-check prefers small values, which random bytes do not.
  const unbiased = { numRuns: 2_000, unbiased: true } as const;

  for (const [form, secrets] of Object.entries({
    hexadecimal: bytes(16, "hex"),
    base64: bytes(16, "base64"),
    base64url: bytes(16, "base64url"),
    uuid: fc.uuid(),
    "letters and digits": text(lower + lower.toUpperCase() + digits, 16, 64),
    "small letters and digits": text(lower + digits, 24, 64),
    "large letters and digits": text(lower.toUpperCase() + digits, 24, 64),
    "with the prefix of a vendor": text(lower + lower.toUpperCase() + digits, 24, 64).map((random) => `sk_test_${random}`),
    "four groups of four letters": fc.tuple(...Array.from({ length: 4 }, () => text(lower, 4, 4))).map((groups) => groups.join(" ")),
  }))
    it(`is never mistaken for an example: ${form}`, () => {
      fc.assert(
        fc.property(secrets, (secret) => !isPlaceholder(secret)),
        unbiased,
      );
    });

  for (const secret of [
    "k7Gq2vXp",
    "sk-proj-4fT9aQ",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "my-app-key-k7Gq2vXp",
    "whsec_8sKq2LmPz4Tn",
    "correct-horse-battery-staple",
    "crib7 Vexing Tumult Larch",
    "JBSWY3DPEHPK3PXP",
    "https://0cc0e6c35519bba620c9360cfe3e68d0@o450.ingest.sentry.io/45",
    "https://hooks.slack.com/services/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",
    "ldaps://directory.corp.test",
    "deploy@shop.test",
    '{"user":"app","password":"hunter2-Kq81"}',
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n",
  ])
    it(`is accepted: ${JSON.stringify(secret).slice(0, 50)}`, () => assert.equal(isPlaceholder(secret), false));

  it("is accepted as four random words, and not as two", () => {
    const words = fc.constantFrom(
      ..."garter detergent gopher puppy motivator droop tint mace cattle swarm vista gutter skeletal gossip".split(" "),
    );
    const four = fc.uniqueArray(words, { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(four, fc.constantFrom("-", " ", "_"), (phrase, between) => !isPlaceholder(phrase.join(between))));
    assert.ok(isPlaceholder("garter-detergent"));
  });
});

describe("a login's password", () => {
  it("must not be the user name, an example or a guess away", () => {
    assert.deepEqual(passwordWeaknesses("k7Gq2vXp", "k7Gq2vXp"), ["has a password that is its user name"]);
    assert.deepEqual(passwordWeaknesses("app", "postgres"), ["has a password that looks like a placeholder or is easy to guess"]);
    assert.deepEqual(passwordWeaknesses("app", "k7Gq2vXp"), []);
  });

  it("may be missing", () => assert.deepEqual(passwordWeaknesses("", ""), []));
});
