import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
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
      [{}, "UPLOADS_BUCKET, UPLOADS_REGION must be configured"],
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

describe("the address of a bucket", () => {
  const names = {
    bucket: "S3_BUCKET",
    region: "S3_REGION",
    endpoint: "S3_ENDPOINT",
    host: "MINIO_HOST",
    port: "MINIO_PORT",
    tls: "MINIO_USE_SSL",
    pathStyle: "S3_FORCE_PATH_STYLE",
    publicUrl: "S3_PUBLIC_URL",
  } as const;
  const group = settings("shared", { uploads: bucket({ variables: names }) });
  const read = (env: Record<string, string>) =>
    loadSync(group, { env: { S3_BUCKET: "shop-uploads", S3_REGION: "eu-west-1", ...env } }).uploads;
  const addressIn = (env: Record<string, string>) => {
    const { endpoint, host, port, tls, pathStyle, publicUrl } = read(env);
    return [endpoint, host, port, tls, pathStyle, publicUrl];
  };
  const aws = (region: string, domain = "amazonaws.com") => `s3.${region}.${domain}`;

  for (const [what, env, expected] of [
    ["AWS", {}, [undefined, aws("eu-west-1"), 443, true, false, `https://shop-uploads.${aws("eu-west-1")}`]],
    [
      "AWS in China",
      { S3_REGION: "cn-north-1" },
      [undefined, aws("cn-north-1", "amazonaws.com.cn"), 443, true, false, `https://shop-uploads.${aws("cn-north-1", "amazonaws.com.cn")}`],
    ],
    [
      "an endpoint",
      { S3_ENDPOINT: "http://minio:9000/" },
      ["http://minio:9000", "minio", 9000, false, true, "http://minio:9000/shop-uploads"],
    ],
    [
      "an endpoint with a path",
      { S3_ENDPOINT: "https://x.supabase.example/storage/v1/s3" },
      [
        "https://x.supabase.example/storage/v1/s3",
        "x.supabase.example",
        443,
        true,
        true,
        "https://x.supabase.example/storage/v1/s3/shop-uploads",
      ],
    ],
    [
      "an endpoint with the bucket in the host name",
      { S3_ENDPOINT: "https://fra1.spaces.example", S3_FORCE_PATH_STYLE: "False" },
      ["https://fra1.spaces.example", "fra1.spaces.example", 443, true, false, "https://shop-uploads.fra1.spaces.example"],
    ],
    [
      "an IPv6 address",
      { S3_ENDPOINT: "http://[::1]:9000" },
      ["http://[::1]:9000", "::1", 9000, false, true, "http://[::1]:9000/shop-uploads"],
    ],
    [
      "host, port and TLS",
      { MINIO_HOST: "minio", MINIO_PORT: "9000", MINIO_USE_SSL: "false" },
      ["http://minio:9000", "minio", 9000, false, true, "http://minio:9000/shop-uploads"],
    ],
    [
      "a host alone",
      { MINIO_HOST: "play.min.io" },
      ["https://play.min.io", "play.min.io", 443, true, true, "https://play.min.io/shop-uploads"],
    ],
    [
      "AWS as host, port and TLS",
      { MINIO_HOST: aws("eu-west-1"), MINIO_PORT: "443", MINIO_USE_SSL: "true" },
      [undefined, aws("eu-west-1"), 443, true, false, `https://shop-uploads.${aws("eu-west-1")}`],
    ],
    [
      "an endpoint and its parts",
      { S3_ENDPOINT: "https://Minio", MINIO_HOST: "minio", MINIO_PORT: "443", MINIO_USE_SSL: "1" },
      ["https://Minio", "minio", 443, true, true, "https://minio/shop-uploads"],
    ],
    [
      "a CDN",
      { S3_PUBLIC_URL: "https://cdn.shop.example/files/" },
      [undefined, aws("eu-west-1"), 443, true, false, "https://cdn.shop.example/files"],
    ],
  ] as const)
    it(`is read from ${what}`, () => assert.deepEqual(addressIn(env), expected));

  for (const [env, message] of [
    [{ S3_ENDPOINT: "https://qzjw", MINIO_HOST: "minio" }, "MINIO_HOST says something else than S3_ENDPOINT"],
    [{ S3_ENDPOINT: "https://qzjw", MINIO_PORT: "9000" }, "MINIO_PORT says something else than S3_ENDPOINT"],
    [{ S3_ENDPOINT: "https://qzjw", MINIO_USE_SSL: "no" }, "MINIO_USE_SSL says something else than S3_ENDPOINT"],
    [{ MINIO_PORT: "9000" }, "MINIO_HOST must be set too, because MINIO_PORT is"],
    [{ MINIO_USE_SSL: "no" }, "MINIO_HOST must be set too, because MINIO_USE_SSL is"],
    [{ MINIO_HOST: "http://qzjw" }, "MINIO_HOST must be a host name or an IP address, without scheme, port or path"],
    [{ MINIO_HOST: "qzjw", MINIO_PORT: "0" }, "MINIO_PORT must be a port from 1 to 65535"],
    [{ MINIO_HOST: "qzjw", MINIO_USE_SSL: "qzjw" }, "MINIO_USE_SSL must be true or false (also 1, 0, yes, no, on, off)"],
    [{ S3_FORCE_PATH_STYLE: "qzjw" }, "S3_FORCE_PATH_STYLE must be true or false (also 1, 0, yes, no, on, off)"],
    [{ S3_PUBLIC_URL: "qzjw" }, "S3_PUBLIC_URL must be an http or https URL without user, query or fragment"],
  ] as const)
    it(`is refused: ${message}`, () => {
      const error = errorOf(() => read(env));
      assert.deepEqual(
        error.problems.map((problem) => problem.message),
        [message],
      );
      assert.doesNotMatch(everythingIn(error), /qzjw/i);
    });

  it("is the same when read from what is delivered, in every form", () => {
    const fields = { bucket: "shop-uploads", region: "eu-west-1" };
    for (const resource of [
      fields,
      { ...fields, endpoint: "http://127.0.0.1:7070" },
      { ...fields, endpoint: "https://x.example/s3", pathStyle: false },
      { ...fields, publicUrl: "https://cdn.shop.example" },
    ]) {
      const { encode, decode } = bucketKind;
      const texts = Object.fromEntries(
        Object.entries(encode)
          .flatMap(([field, text]) => [[field, text(resource)]])
          .filter(([, text]) => text !== undefined),
      ) as Record<string, string>;
      const value = bucketKind.schema().parse(texts);
      assert.deepEqual({ ...decode(value), ...resource }, decode(value));
      const { endpoint: _url, ...parts } = texts;
      if (!("endpoint" in resource) || !resource.endpoint.endsWith("/s3"))
        assert.deepEqual(decode(bucketKind.schema().parse(parts)), decode(value));
    }
  });

  it("is where the AWS SDK sends its requests, path included, without checksums that other servers refuse", async () => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      request.resume().on("end", () => response.end());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const uploads = read({ S3_ENDPOINT: `http://127.0.0.1:${port}/storage/v1/s3` });
      const credentials = { accessKeyId: "example", secretAccessKey: "example" };
      const client = new S3Client({ ...uploads.clientOptions(), credentials, maxAttempts: 1 });
      await client.send(new PutObjectCommand({ Bucket: uploads.name, Key: "a.txt", Body: "x" }));
      client.destroy();
      assert.deepEqual(
        seen.map(({ method, url }) => `${method} ${url}`),
        ["PUT /storage/v1/s3/shop-uploads/a.txt?x-id=PutObject"],
      );
      assert.deepEqual(
        Object.keys(seen[0]?.headers ?? {}).filter((header) => header.includes("checksum")),
        [],
      );
    } finally {
      server.close();
    }
  });
});

describe("two buckets in one group", () => {
  const both = (key: "own" | "shared") => ({
    files: bucket({ key, variables: { bucket: "PRIVATE_BUCKET", ...one } }),
    images: bucket({ key, variables: { bucket: "PUBLIC_BUCKET", ...one } }),
  });
  const one = {
    region: "AWS_REGION",
    endpoint: "AWS_ENDPOINT_URL_S3",
    accessKeyId: "AWS_ACCESS_KEY_ID",
    secretAccessKey: "AWS_SECRET_ACCESS_KEY",
  };

  it("can be given to an app that uses one key for both, in the variables that AWS SDKs read by themselves", () => {
    const env = {
      PRIVATE_BUCKET: "shop-files",
      PUBLIC_BUCKET: "shop-images",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:7070",
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    };
    const { files, images } = loadSync(settings("shared", both("shared")), { env });
    assert.deepEqual([files.name, images.name], ["shop-files", "shop-images"]);
    assert.deepEqual(files.clientOptions(), images.clientOptions());
  });

  it('need key: "shared" for that', () => {
    assert.deepEqual(
      errorOf(() => settings("shared", both("own"))).problems.map(({ message }) => message.replace(/^.*? uses/, "uses")),
      ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].map((name) => `uses the variable AWS_${name}, which shared.files also uses`),
    );
  });
});
