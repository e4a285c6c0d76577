import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { bucket, loadSync, settings } from "../../lib/index";
import { bucketKind } from "../../lib/kinds/bucket";
import { errorOf, everythingIn } from "../support/errors";

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
  };
  const group = settings("shared", { uploads: bucket({ variables: { ...names } }) });
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
    [{ S3_ENDPOINT: "https://qzjw", MINIO_HOST: "minio" }, "MINIO_HOST contradicts S3_ENDPOINT"],
    [{ S3_ENDPOINT: "https://qzjw", MINIO_PORT: "9000" }, "MINIO_PORT contradicts S3_ENDPOINT"],
    [{ S3_ENDPOINT: "https://qzjw", MINIO_USE_SSL: "no" }, "MINIO_USE_SSL contradicts S3_ENDPOINT"],
    [{ MINIO_PORT: "9000" }, "MINIO_HOST must be set too, because MINIO_PORT is"],
    [{ MINIO_USE_SSL: "no" }, "MINIO_HOST must be set too, because MINIO_USE_SSL is"],
    [{ MINIO_HOST: "http://qzjw" }, "MINIO_HOST must be a host name or an IP address, without scheme, port or path"],
    [{ MINIO_HOST: "qzjw", MINIO_PORT: "0" }, "MINIO_PORT must be a port from 1 to 65535"],
    [{ MINIO_HOST: "qzjw", MINIO_USE_SSL: "qzjw" }, "MINIO_USE_SSL must be true or false (also 1, 0, yes, no, on, off)"],
    [{ S3_FORCE_PATH_STYLE: "qzjw" }, "S3_FORCE_PATH_STYLE must be true or false (also 1, 0, yes, no, on, off)"],
    [{ S3_PUBLIC_URL: "qzjw" }, "S3_PUBLIC_URL must be an http or https URL without user, query or fragment"],
  ] as const)
    it(`is rejected: ${message}`, () => {
      const error = errorOf(() => read(env));
      assert.deepEqual(
        error.problems.map((problem) => problem.message),
        [message],
      );
      assert.doesNotMatch(everythingIn(error), /qzjw/i);
    });

  it("is the same when read from the delivered variables, in every form", () => {
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
          .flatMap(([field, text]) => [[field, text(resource, bucketKind.options().parse({}))]])
          .filter(([, text]) => text !== undefined),
      ) as Record<string, string>;
      const value = bucketKind.schema().parse(texts);
      assert.deepEqual({ ...decode(value), ...resource }, decode(value));
      const { endpoint: _url, ...parts } = texts;
      if (!("endpoint" in resource) || !resource.endpoint.endsWith("/s3"))
        assert.deepEqual(decode(bucketKind.schema().parse(parts)), decode(value));
    }
  });

  it("is where the AWS SDK sends its requests, path included, without checksums that other servers reject", async () => {
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

  it("can be given to an app that uses one key for both, in the variables that AWS SDKs read on their own", () => {
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

  it('require key: "shared" to share one', () => {
    assert.deepEqual(
      errorOf(() => settings("shared", both("own"))).problems.map(({ message }) => message.replace(/^.*? uses/, "uses")),
      ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].map((name) => `uses the variable AWS_${name}, which shared.files also uses`),
    );
  });

  it("have no value if only the platform has set variables for its SDKs", () => {
    const group = settings("shared", both("shared"));
    const ambient = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "of-the-platform", AWS_SECRET_ACCESS_KEY: "of-the-platform" };
    assert.deepEqual(
      errorOf(() => loadSync(group, { env: ambient })).problems.map(({ message }) => message),
      ["PRIVATE_BUCKET and AWS_REGION must be configured", "PUBLIC_BUCKET and AWS_REGION must be configured"],
    );
    assert.deepEqual(
      errorOf(() => loadSync(group, { env: { ...ambient, PRIVATE_BUCKET: "shop-files" } })).problems.map(({ message }) => message),
      ["PUBLIC_BUCKET and AWS_REGION must be configured"],
    );
  });
});
