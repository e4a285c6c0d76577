import { fault } from "../errors";

const SECRET_PARAMETER = /token|secret|password|passwd|credential|signature|apikey|api_key/i;

/**
 * Asserts that a store's address contains no credential: addresses appear in task definitions and logs.
 *
 * @param where the variable that holds it
 * @throws EndowError `STORE_ADDRESS`, which never quotes the address
 */
export const assertNoCredential = (where: string, address: URL): void => {
  const parameter = [...address.searchParams.keys()].find((name) => SECRET_PARAMETER.test(name));
  if (address.username === "" && address.password === "" && parameter === undefined) return;
  const what = parameter === undefined ? "a user or a password" : `the parameter "${parameter}"`;
  throw fault(
    "STORE_ADDRESS",
    `${where} contains ${what}, visible to everyone who can see the process's variables`,
    "remove it: a store uses the process's own credentials, such as its role or a token in a separate variable",
    where,
  );
};
