import assert from "node:assert/strict";
import { makeApp, pythonPackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { bucket, settings } from "endow";
export const files = settings("files", {
  uploads: bucket({
    variables: {
      bucket: "S3_BUCKET_NAME",
      region: "AWS_DEFAULT_REGION",
      endpoint: "AWS_ENDPOINT_URL_S3",
      accessKeyId: "AWS_ACCESS_KEY_ID",
      secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    },
  }),
});
`,
  "store.py": `import io
import os
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

name = os.environ["S3_BUCKET_NAME"]
s3 = boto3.client("s3")
s3.put_object(Bucket=name, Key="reports/ümlaut 1.txt", Body=b"one")
s3.upload_fileobj(io.BytesIO(b"x" * 9_000_000), name, "reports/large.bin")
print("keys:", [entry["Key"] for entry in s3.list_objects_v2(Bucket=name, Prefix="reports/")["Contents"]])
print("text:", s3.get_object(Bucket=name, Key="reports/ümlaut 1.txt")["Body"].read().decode())
print("size:", s3.head_object(Bucket=name, Key="reports/large.bin")["ContentLength"])
signing = boto3.client("s3", config=Config(signature_version="s3v4"))
url = signing.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "reports/ümlaut 1.txt"})
print("presigned:", urllib.request.urlopen(url).read().decode())
print("resource:", [entry.key for entry in boto3.resource("s3").Bucket(name).objects.filter(Prefix="reports/l")])
try:
    s3.get_object(Bucket=name, Key="reports/none")
except ClientError as error:
    print("missing:", error.response["Error"]["Code"])
`,
};

describe("boto3", () => {
  let app: RealApp | undefined;
  let python = "";

  before(async function () {
    python = await pythonPackages(this);
    app = makeApp(files);
  });
  after(() => app?.clean());

  it('stores, lists and signs with `boto3.client("s3")` and no arguments, since its own variables say everything', async () => {
    assert.ok(app);
    const nowhere = app.write("no-profile", "");
    const stored = await app.dev([python, "store.py"], { env: { AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere } });
    for (const line of [
      "keys: ['reports/large.bin', 'reports/ümlaut 1.txt']",
      "text: one",
      "size: 9000000",
      "presigned: one",
      "resource: ['reports/large.bin']",
      "missing: NoSuchKey",
    ])
      assert.ok(stored.includes(line), `${line}\n${stored}`);
  });
});
