import { fault } from "../errors";

const SECRET_PARAMETER = /token|secret|password|passwd|credential|signature|apikey|api_key/i;

/**
 * An address of a store is no secret: it stands in task definitions and logs.
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
    `${where} has ${what} in it, and everyone who sees a process's variables sees it`,
    "take it out: a store's credentials are the process's own, such as its role or a token in a variable of its own",
    where,
  );
};
