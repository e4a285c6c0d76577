import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { bucketKind } from "../../lib/kinds/bucket";
import { bucket, type LocalBucketFields } from "../../lib/local/bucket";
import { wholeLifeAsNobody } from "../support/as-nobody";
import { testServer, type TestServer } from "../support/local-server";
import { assertSecretsOnlyIn } from "../support/no-secrets";
import { runService } from "../support/run-service";

type Fields = LocalBucketFields;

const optionsWith = (given: { versioning: boolean }) => bucketKind.options().parse(given);
const uploads = { id: "shared.uploads", name: "shared_uploads", options: optionsWith({ versioning: true }) };
const exports = { id: "shared.exports", name: "shared_exports", options: optionsWith({ versioning: false }) };
const FIVE_MEGABYTES = 5 * 1024 * 1024;

describe("a bucket on this machine", function () {
  // The first run on a machine builds the server.
  this.timeout(600_000);
  let test: TestServer;
  let mine: Fields;
  let other: Fields;
  const clients: S3Client[] = [];

  const clientOf = ({ region, endpoint, accessKeyId, secretAccessKey }: Fields) => {
    const client = new S3Client({ region, endpoint, forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } });
    clients.push(client);
    return client;
  };
  const put = (fields: Fields, key: string, body: string) =>
    clientOf(fields).send(new PutObjectCommand({ Bucket: fields.bucket, Key: key, Body: body }));
  const get = async (fields: Fields, key: string, name = fields.bucket) => {
    const { Body } = await clientOf(fields).send(new GetObjectCommand({ Bucket: name, Key: key }));
    return Body?.transformToString();
  };
  const list = async (fields: Fields, name = fields.bucket) => {
    const { Contents = [] } = await clientOf(fields).send(new ListObjectsV2Command({ Bucket: name }));
    return Contents.map(({ Key }) => Key);
  };
  const refusedWith = (name: string) => ({ name, $metadata: { httpStatusCode: 403 } });
  const assertRefused = async (work: Promise<unknown>, name: string) =>
    assert.rejects(work, (error: { name: string; $metadata: { httpStatusCode: number } }) => {
      const { httpStatusCode } = error.$metadata;
      assert.deepEqual({ name: error.name, $metadata: { httpStatusCode } }, refusedWith(name));
      return true;
    });

  before(async () => {
    test = await testServer("bucket", bucket);
    await test.start();
    mine = await bucket.lease(test.server, uploads);
    other = await bucket.lease(test.server, exports);
  });

  after(async () => {
    for (const client of clients) client.destroy();
    await test?.remove();
  });

  it("stores, returns, lists and deletes objects through the AWS SDK", async () => {
    assert.equal(mine.bucket, "shared-uploads");
    await put(mine, "folder/a file.txt", "hello");
    await put(mine, "folder/a", "x");
    const CopySource = `${mine.bucket}/folder/a`;
    await clientOf(mine).send(new CopyObjectCommand({ Bucket: mine.bucket, Key: "folder/b", CopySource }));
    await clientOf(mine).send(new DeleteObjectCommand({ Bucket: mine.bucket, Key: "folder/a" }));
    assert.equal(await get(mine, "folder/a file.txt"), "hello");
    assert.deepEqual(await list(mine), ["folder/a file.txt", "folder/b"]);
    await clientOf(mine).send(new DeleteObjectCommand({ Bucket: mine.bucket, Key: "folder/b" }));
    await clientOf(mine).send(new DeleteObjectsCommand({ Bucket: mine.bucket, Delete: { Objects: [{ Key: "folder/a file.txt" }] } }));
    assert.deepEqual(await list(mine), []);
  });

  it("accepts a multipart upload, and lets one be aborted", async () => {
    const client = clientOf(other);
    const target = { Bucket: other.bucket, Key: "large" };
    const parts = ["a".repeat(FIVE_MEGABYTES), "b"];
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    const uploaded = await Promise.all(
      parts.map(async (Body, index) => {
        const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body }));
        return { ETag, PartNumber: index + 1 };
      }),
    );
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: uploaded } }));
    assert.equal((await get(other, "large"))?.length, FIVE_MEGABYTES + 1);
    const given = await client.send(new CreateMultipartUploadCommand({ ...target, Key: "given up" }));
    await client.send(new AbortMultipartUploadCommand({ ...target, Key: "given up", UploadId: given.UploadId }));
    assert.deepEqual(await list(other), ["large"]);
    await client.send(new DeleteObjectCommand(target));
  });

  it("keeps older versions only if the setting enables versioning", async () => {
    for (const fields of [mine, other]) for (const body of ["first", "second"]) await put(fields, "versioned", body);
    const versions = async (fields: Fields) => {
      const { Versions = [] } = await clientOf(fields).send(new ListObjectVersionsCommand({ Bucket: fields.bucket, Prefix: "versioned" }));
      return Versions;
    };
    const kept = await versions(mine);
    assert.equal(kept.length, 2);
    const VersionId = kept.find(({ IsLatest }) => IsLatest !== true)?.VersionId;
    const { Body } = await clientOf(mine).send(new GetObjectCommand({ Bucket: mine.bucket, Key: "versioned", VersionId }));
    assert.equal(await Body?.transformToString(), "first");
    assert.equal((await versions(other)).length, 1);
  });

  it("turns versioning on and off when the setting changes", async () => {
    const count = async () => {
      const { Versions = [] } = await clientOf(other).send(new ListObjectVersionsCommand({ Bucket: other.bucket, Prefix: "changing" }));
      return Versions.length;
    };
    await bucket.lease(test.server, { ...exports, options: optionsWith({ versioning: true }) });
    for (const body of ["1", "2"]) await put(other, "changing", body);
    assert.equal(await count(), 2);
    await bucket.lease(test.server, exports);
  });

  it("accepts and returns objects through presigned URLs", async () => {
    const target = { Bucket: mine.bucket, Key: "signed" };
    const upload = await getSignedUrl(clientOf(mine), new PutObjectCommand(target), { expiresIn: 60 });
    assert.equal((await fetch(upload, { method: "PUT", body: "by URL" })).status, 200);
    const download = await getSignedUrl(clientOf(mine), new GetObjectCommand(target), { expiresIn: 60 });
    assert.equal(await (await fetch(download)).text(), "by URL");
  });

  it("rejects a wrong secret, an unknown key, an unsigned request, and another setting's key", async () => {
    await put(mine, "private", "x");
    await assertRefused(list({ ...mine, secretAccessKey: `${mine.secretAccessKey.slice(0, -1)}!` }), "SignatureDoesNotMatch");
    await assertRefused(list({ ...mine, accessKeyId: "unknown" }), "InvalidAccessKeyId");
    await assertRefused(list({ ...mine, accessKeyId: other.accessKeyId }), "SignatureDoesNotMatch");
    for (const url of [mine.endpoint, `${mine.endpoint}/${mine.bucket}`, `${mine.endpoint}/${mine.bucket}/private`])
      assert.equal((await fetch(url)).status, 403, url);
    await assertRefused(list(other, mine.bucket), "AccessDenied");
    await assertRefused(get(other, "private", mine.bucket), "AccessDenied");
    await assertRefused(put({ ...other, bucket: mine.bucket }, "planted", "x"), "AccessDenied");
    const copy = { Bucket: mine.bucket, Key: "private" };
    await assertRefused(clientOf(other).send(new DeleteObjectCommand(copy)), "AccessDenied");
  });

  it("rejects a presigned URL that was forged, altered, signed by another setting, or has expired", async () => {
    await put(mine, "private", "x");
    await put(mine, "private2", "x");
    const command = new GetObjectCommand({ Bucket: mine.bucket, Key: "private" });
    const good = await getSignedUrl(clientOf(mine), command, { expiresIn: 60 });
    assert.equal((await fetch(good)).status, 200);
    const forged = good.replace(/X-Amz-Signature=[0-9a-f]{4}/, "X-Amz-Signature=0000");
    const otherKey = good.replace("/private?", "/private2?");
    const longer = good.replace("X-Amz-Expires=60", "X-Amz-Expires=6000");
    const stranger = await getSignedUrl(clientOf(other), command, { expiresIn: 60 });
    const anHourAgo = new Date(Date.now() - 3_600_000);
    const expired = await getSignedUrl(clientOf(mine), command, { expiresIn: 60, signingDate: anHourAgo });
    for (const [what, url] of Object.entries({ forged, otherKey, longer, stranger, expired }))
      assert.equal((await fetch(url)).status, 403, what);
  });

  it("cannot be deleted or made public by the app", async () => {
    await assertRefused(clientOf(other).send(new DeleteBucketCommand({ Bucket: other.bucket })), "AccessDenied");
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${other.bucket}/*` }],
    });
    await assertRefused(clientOf(other).send(new PutBucketPolicyCommand({ Bucket: other.bucket, Policy })), "AccessDenied");
  });

  it("has a root account on the command line that no request can use", async () => {
    for (const accessKeyId of ["no/login", "no", "login", "no%2Flogin", ""]) {
      const command = new ListObjectsV2Command({ Bucket: mine.bucket });
      const root = { ...mine, accessKeyId, secretAccessKey: "none" };
      await assert.rejects(clientOf(root).send(command), accessKeyId);
      if (accessKeyId === "") continue;
      const url = await getSignedUrl(clientOf(root), command, { expiresIn: 60 });
      assert.ok([400, 403].includes((await fetch(url)).status), accessKeyId);
    }
  });

  it("exposes no secrets to other users, in the log, or in files other than its two secret files", async () => {
    const administrator = (await test.server.credentials.find("endow-administrator")) ?? "";
    assert.equal(administrator.length, 40);
    const secrets = [administrator, mine.secretAccessKey, other.secretAccessKey];
    await assertSecretsOnlyIn(test, secrets, ["credentials.json", "accounts/users.json"]);
  });

  it("is ready only with the administrator's recorded secret", async () => {
    await bucket.ready(test.server);
    const stranger = { ...test.server, credentials: { ...test.server.credentials, get: () => Promise.resolve("wrong") } };
    await assert.rejects(bucket.ready(stranger), { code: "REQUEST_REFUSED", message: /SignatureDoesNotMatch/ });
  });

  it("is unchanged when prepared and leased again, and keeps its objects across a restart and a crash", async () => {
    await put(mine, "kept", "over a restart");
    const service = await bucket.prepare(test.server);
    assert.deepEqual(await bucket.prepare(test.server), service);
    assert.deepEqual(await bucket.lease(test.server, uploads), mine);
    await test.stop();
    await test.start();
    assert.equal(await get(mine, "kept"), "over a restart");
    await test.running().kill();
    await test.start();
    assert.equal(await get(mine, "kept"), "over a restart");
  });

  it("rejects its key and its presigned URLs at once when disabled, keeps its objects, and is enabled again with the same key", async () => {
    await put(mine, "kept", "while disabled");
    const signed = await getSignedUrl(clientOf(mine), new GetObjectCommand({ Bucket: mine.bucket, Key: "kept" }), { expiresIn: 60 });
    await bucket.disable(test.server, uploads.name);
    await bucket.disable(test.server, uploads.name);
    await assertRefused(get(mine, "kept"), "InvalidAccessKeyId");
    assert.equal((await fetch(signed)).status, 403);
    assert.deepEqual(await bucket.lease(test.server, uploads), mine);
    assert.equal(await get(mine, "kept"), "while disabled");
  });

  it("gets new secrets when they were lost, and keeps its objects", async () => {
    await put(mine, "kept", "without a secret");
    await test.stop();
    await rm(path.join(test.server.folder, "credentials.json"));
    await test.start();
    const before = mine;
    [mine, other] = [await bucket.lease(test.server, uploads), await bucket.lease(test.server, exports)];
    assert.notEqual(mine.secretAccessKey, before.secretAccessKey);
    assert.equal(await get(mine, "kept"), "without a secret");
    await assertRefused(get(before, "kept"), "SignatureDoesNotMatch");
  });

  it("is dropped with all versions of its objects and its key, without affecting other buckets", async () => {
    await put(other, "kept", "by the other setting");
    await bucket.drop(test.server, uploads.name);
    await bucket.drop(test.server, uploads.name);
    await assertRefused(list(mine), "InvalidAccessKeyId");
    assert.equal(await test.server.credentials.find(uploads.name), undefined);
    assert.equal(await get(other, "kept"), "by the other setting");
    mine = await bucket.lease(test.server, uploads);
    const { Versions = [], DeleteMarkers = [] } = await clientOf(mine).send(new ListObjectVersionsCommand({ Bucket: mine.bucket }));
    assert.deepEqual([...Versions, ...DeleteMarkers], []);
  });

  it("has a server that exits and logs the reason when another program has taken its port", async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const address = stranger.address();
    assert.ok(typeof address === "object" && address !== null);
    try {
      const running = await runService(await bucket.prepare({ ...test.server, port: address.port }));
      await running.ended;
      assert.match(await running.log(), /address already in use/);
    } finally {
      stranger.close();
    }
  });

  it("works from start to finish as an ordinary user", async function () {
    assert.equal(await wholeLifeAsNobody(this, "bucket", uploads), "done as 65534\n");
  });
});
