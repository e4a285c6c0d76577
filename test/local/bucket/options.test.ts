import assert from "node:assert/strict";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { z } from "zod";
import { bucketKind } from "../../../lib/kinds/bucket";
import { bucket, type LocalBucketFields } from "../../../lib/local/bucket";
import { testServer, type TestServer } from "../../support/local-server";

type Options = z.input<ReturnType<typeof bucketKind.options>>;

describe("the options of a bucket on this machine", function () {
  // The first run on a machine builds the server.
  this.timeout(600_000);
  let test: TestServer;
  const clients: S3Client[] = [];
  before(async () => {
    test = await testServer("bucket", bucket);
    await test.start();
  });
  after(async () => {
    for (const client of clients) client.destroy();
    await test?.remove();
  });

  const lease = (name: string, options: Options = {}) =>
    bucket.lease(test.server, { id: name.replace("_", "."), name, options: bucketKind.options().parse(options) });
  const clientOf = ({ region, endpoint, accessKeyId, secretAccessKey }: LocalBucketFields) => {
    const client = new S3Client({ region, endpoint, forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } });
    clients.push(client);
    return client;
  };
  const put = (fields: LocalBucketFields, key: string, body: string) =>
    clientOf(fields).send(new PutObjectCommand({ Bucket: fields.bucket, Key: key, Body: body }));
  const get = async (fields: LocalBucketFields, key: string) => {
    const { Body } = await clientOf(fields).send(new GetObjectCommand({ Bucket: fields.bucket, Key: key }));
    return Body?.transformToString();
  };
  const urlOf = ({ endpoint, bucket: name }: LocalBucketFields) => `${endpoint}/${name}`;

  describe("publicRead", () => {
    it("lets anyone read an object, but not list, change or delete objects, and ends with the option, the setting and the bucket", async () => {
      const shown = await lease("shop_shown", { publicRead: true });
      const hidden = await lease("shop_hidden");
      for (const fields of [shown, hidden]) await put(fields, "folder/a.txt", "for everyone");
      const statusOf = async (path: string, init?: RequestInit) => (await fetch(`${urlOf(shown)}${path}`, init)).status;
      assert.equal(await (await fetch(`${urlOf(shown)}/folder/a.txt`)).text(), "for everyone");
      assert.equal((await fetch(`${urlOf(hidden)}/folder/a.txt`)).status, 403);
      for (const path of ["", "/", "?list-type=2", "?versions", "?policy", "?cors", "?uploads"])
        assert.equal(await statusOf(path), 403, path);
      assert.equal(await statusOf("/folder/b.txt", { method: "PUT", body: "x" }), 403);
      assert.equal(await statusOf("/folder/a.txt", { method: "DELETE" }), 403);
      await lease("shop_shown");
      assert.equal(await statusOf("/folder/a.txt"), 403);
      assert.equal(await get(shown, "folder/a.txt"), "for everyone");
      await lease("shop_shown", { publicRead: true });
      assert.equal(await statusOf("/folder/a.txt"), 200);
      await bucket.disable(test.server, "shop_shown");
      assert.equal(await statusOf("/folder/a.txt"), 403);
      await lease("shop_shown", { publicRead: true });
      await bucket.drop(test.server, "shop_shown");
      await put(await lease("shop_shown"), "folder/a.txt", "again");
      assert.equal(await statusOf("/folder/a.txt"), 403);
    });
  });

  describe("cors", () => {
    const preflight = (fields: LocalBucketFields, origin: string, method = "PUT") =>
      fetch(`${urlOf(fields)}/a.txt`, {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type" },
      });

    it("lets only the listed websites upload and read with presigned URLs from a browser, and follows the option", async () => {
      const cors = [{ allowedOrigins: ["https://shop.example", "http://localhost:3000"] }];
      const fields = await lease("shop_cors", { cors });
      for (const origin of ["https://shop.example", "http://localhost:3000"]) {
        const { ok, headers } = await preflight(fields, origin);
        assert.deepEqual([ok, headers.get("access-control-allow-origin"), headers.get("access-control-max-age")], [true, origin, "3600"]);
        assert.match(headers.get("access-control-allow-methods") ?? "", /PUT/);
      }
      assert.equal((await preflight(fields, "https://evil.example")).headers.get("access-control-allow-origin"), null);
      const upload = await getSignedUrl(clientOf(fields), new PutObjectCommand({ Bucket: fields.bucket, Key: "a.txt" }));
      const uploaded = await fetch(upload, { method: "PUT", body: "x", headers: { Origin: "https://shop.example" } });
      assert.deepEqual([uploaded.status, uploaded.headers.get("access-control-allow-origin")], [200, "https://shop.example"]);
      assert.match(uploaded.headers.get("access-control-expose-headers") ?? "", /^ETag\b/);
      await lease("shop_cors", { cors: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] });
      assert.equal((await preflight(fields, "https://other.example", "GET")).ok, true);
      assert.equal((await preflight(fields, "https://other.example", "PUT")).headers.get("access-control-allow-origin"), null);
      await lease("shop_cors");
      assert.equal((await preflight(fields, "https://shop.example")).headers.get("access-control-allow-origin"), null);
    });

    it("cannot be changed by the app itself", async () => {
      const fields = await lease("shop_cors");
      const rules = { CORSRules: [{ AllowedOrigins: ["*"], AllowedMethods: ["GET"] }] };
      await assert.rejects(clientOf(fields).send(new PutBucketCorsCommand({ Bucket: fields.bucket, CORSConfiguration: rules })), {
        name: "AccessDenied",
      });
    });
  });

  describe('key: "shared"', () => {
    it("gives the buckets of a server one key, which cannot access buckets with their own key", async () => {
      const [one, two] = await Promise.all([lease("shop_one", { key: "shared" }), lease("shop_two", { key: "shared" })]);
      const own = await lease("shop_own");
      assert.deepEqual([two.accessKeyId, two.secretAccessKey], [one.accessKeyId, one.secretAccessKey]);
      assert.notEqual(own.accessKeyId, one.accessKeyId);
      for (const fields of [one, two]) await put(fields, "a", fields.bucket);
      assert.equal(await get({ ...one, bucket: two.bucket }, "a"), "shop-two");
      const list = (fields: LocalBucketFields) => clientOf(fields).send(new ListObjectsV2Command({ Bucket: fields.bucket }));
      await assert.rejects(list({ ...one, bucket: own.bucket }), { name: "AccessDenied" });
      await assert.rejects(list({ ...own, bucket: one.bucket }), { name: "AccessDenied" });
    });

    it("revokes access to one bucket when its setting is disabled or dropped, and keeps access to the others", async () => {
      const [one, two] = [await lease("shop_one", { key: "shared" }), await lease("shop_two", { key: "shared" })];
      await bucket.disable(test.server, "shop_one");
      await assert.rejects(get(one, "a"), { name: "AccessDenied" });
      assert.equal(await get(two, "a"), "shop-two");
      assert.deepEqual(await lease("shop_one", { key: "shared" }), one);
      assert.equal(await get(one, "a"), "shop-one");
      await bucket.drop(test.server, "shop_two");
      await assert.rejects(get(two, "a"), { name: "NoSuchBucket" });
      assert.equal(await get(one, "a"), "shop-one");
    });

    it("can be changed to the setting's own key and back, and the former key no longer works", async () => {
      const shared = await lease("shop_one", { key: "shared" });
      const own = await lease("shop_one");
      assert.equal(await get(own, "a"), "shop-one");
      await assert.rejects(get(shared, "a"), { name: "AccessDenied" });
      const again = await lease("shop_one", { key: "shared" });
      assert.deepEqual(again, shared);
      await assert.rejects(get(own, "a"), { name: "InvalidAccessKeyId" });
      await clientOf(again).send(new DeleteObjectCommand({ Bucket: again.bucket, Key: "a" }));
    });
  });
});
