import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { saslprep } from "@mongodb-js/saslprep";
import { sameText } from "../../secret";

const FORMAT = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;
const derive = promisify(pbkdf2);

/**
 * Computes what PostgreSQL stores for a password, so that the password never appears in a statement or a log (RFC 5802, RFC 7677):
 * `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. Same defaults as PostgreSQL: a random 16-byte salt, 4096 iterations.
 */
export const scramVerifier = async (password: string, salt = randomBytes(16), iterations = 4096): Promise<string> => {
  const salted = await derive(normalise(password), salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest();
  const serverKey = hmac(salted, "Server Key");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey.toString("base64")}:${serverKey.toString("base64")}`;
};

/** Whether a verifier was made from this password; false if the text is not a verifier. */
export const verifies = async (verifier: string, password: string): Promise<boolean> => {
  const [, iterations, salt] = FORMAT.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined) return false;
  return sameText(verifier, await scramVerifier(password, Buffer.from(salt, "base64"), Number(iterations)));
};

const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();

const normalise = (password: string): string => {
  try {
    return saslprep(password);
  } catch {
    // If SASLprep prohibits the password, use it unchanged, like PostgreSQL and libpq do.
    return password;
  }
};
