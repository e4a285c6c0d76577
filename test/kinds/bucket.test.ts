import assert from "node:assert/strict";
import { inspect } from "node:util";
import { bucket, fake, loadSync, settings } from "../../lib/index";
import { bucketKind } from "../../lib/kinds/bucket";
import { errorOf, everythingIn } from "../support/errors";

const shared = settings("shared", { uploads: bucket() });
const plain = { UPLOADS_BUCKET: "shop-uploads", UPLOADS_REGION: "eu-west-1" };
const local = {
  ...plain,
  UPLOADS_ENDPOINT: "http://127.0.0.1:8333",
  UPLOADS_ACCESS_KEY_ID: "AKIDqzjw",
  UPLOADS_SECRET_ACCESS_KEY: "qzjw-xkvv",
};
const load = (env: Record<string, string>, environment = "production") => loadSync(shared, { env, environment }).uploads;

describe("a bucket", () => {
  it("needs a name and a region", () => {
    const uploads = load(plain);
    assert.deepEqual(
      [uploads.name, uploads.region, uploads.endpoint, uploads.credentials],
      ["shop-uploads", "eu-west-1", undefined, undefined],
    );
    assert.deepEqual(uploads.clientOptions(), { region: "eu-west-1" });
  });

  it("provides the S3 client options for servers other than AWS", () => {
    assert.deepEqual(load(local).clientOptions(), {
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:8333",
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      credentials: { accessKeyId: "AKIDqzjw", secretAccessKey: "qzjw-xkvv" },
    });
  });

  it("hides its secret key", () => {
    const uploads = load(local);
    assert.equal(uploads.credentials?.secretAccessKey.reveal(), "qzjw-xkvv");
    assert.doesNotMatch(inspect(uploads, { depth: null, showHidden: true }) + JSON.stringify(uploads), /qzjw-xkvv/);
  });

  it("must be complete or absent", () => {
    for (const [env, missing] of [
      [{ UPLOADS_BUCKET: "shop-uploads" }, "UPLOADS_REGION must be set too, because UPLOADS_BUCKET is"],
      [{ UPLOADS_ENDPOINT: "http://s3" }, "UPLOADS_BUCKET and UPLOADS_REGION must be set too, because UPLOADS_ENDPOINT is"],
      [{ ...plain, UPLOADS_ACCESS_KEY_ID: "x" }, "UPLOADS_SECRET_ACCESS_KEY must be set, because the other half of the key pair is set"],
      [{ ...plain, UPLOADS_SECRET_ACCESS_KEY: "x" }, "UPLOADS_ACCESS_KEY_ID must be set, because the other half of the key pair is set"],
      [{}, "UPLOADS_BUCKET and UPLOADS_REGION must be configured"],
    ] as const)
      assert.deepEqual(
        errorOf(() => load(env)).problems.map(({ message }) => message),
        [missing],
      );
  });

  it("has the required key prefix if environments share it", () => {
    assert.equal(load({ ...plain, UPLOADS_PREFIX: "shop/pr-42/" }).prefix, "shop/pr-42/");
    assert.ok(!("prefix" in load(plain)));
  });

  for (const [name, text] of [
    ["UPLOADS_PREFIX", "qzjw"],
    ["UPLOADS_PREFIX", "/qzjw/"],
    ["UPLOADS_PREFIX", "qzjw//"],
    ["UPLOADS_PREFIX", "qzjw*/"],
    ["UPLOADS_BUCKET", "Qzjw"],
    ["UPLOADS_BUCKET", "qz"],
    ["UPLOADS_BUCKET", "-qzjw"],
    ["UPLOADS_BUCKET", "qzjw/xkvv"],
    ["UPLOADS_REGION", "EU qzjw"],
    ["UPLOADS_ENDPOINT", "qzjw"],
    ["UPLOADS_ENDPOINT", "ftp://qzjw"],
    ["UPLOADS_ENDPOINT", "https://user:qzjw@s3"],
    ["UPLOADS_ENDPOINT", "https://s3?qzjw=1"],
    ["UPLOADS_ENDPOINT", "https://s3#qzjw"],
    ["UPLOADS_ENDPOINT", "https://s3/qzjw?"],
  ] as const) {
    it(`rejects ${JSON.stringify(text)} as ${name}, naming that variable`, () => {
      const error = errorOf(() => load({ ...plain, [name]: text }));
      assert.deepEqual(
        error.problems.map(({ path }) => path),
        [name],
      );
      assert.doesNotMatch(everythingIn(error), /qzjw/i);
    });
  }

  it("keeps older versions by default, and has no other option", () => {
    const defaults = { versioning: true, cors: [], publicRead: false, key: "own" };
    assert.deepEqual(bucketKind.options().parse({}), defaults);
    assert.deepEqual(bucketKind.options().parse({ versioning: false }), { ...defaults, versioning: false });
    assert.deepEqual(bucketKind.options().parse({ cors: [{ allowedOrigins: ["https://*.shop.example"] }] }).cors, [
      {
        allowedOrigins: ["https://*.shop.example"],
        allowedMethods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
        allowedHeaders: ["*"],
        exposeHeaders: ["ETag"],
        maxAgeSeconds: 3600,
      },
    ]);
    assert.ok(!bucketKind.options().safeParse({ versioned: true }).success);
  });

  for (const cors of [
    [{}],
    [{ allowedOrigins: [] }],
    [{ allowedOrigins: ["shop.example"] }],
    [{ allowedOrigins: ["https://shop.example/"] }],
    [{ allowedOrigins: ["https://a</AllowedOrigin>"] }],
    [{ allowedOrigins: ["*"], allowedMethods: ["PATCH"] }],
    [{ allowedOrigins: ["*"], allowedHeaders: ["a b"] }],
    [{ allowedOrigins: ["*"], exposeHeaders: ["*"] }],
    [{ allowedOrigins: ["*"], maxAgeSeconds: -1 }],
    [{ allowedOrigins: ["*"], maxAge: 1 }],
    { allowedOrigins: ["*"] },
  ])
    it(`rejects the CORS rules ${JSON.stringify(cors)}`, () => {
      assert.ok(!bucketKind.options().safeParse({ cors }).success);
    });

  it("has an example, for tests", () => assert.equal(fake(shared).uploads.name, "example-bucket"));
});
