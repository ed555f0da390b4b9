import { writeFile } from 'node:fs/promises';

import { encryptKeystoreJson, Wallet } from 'ethers';

/** An account of which nobody else has the key, as files that a command takes. */
export interface KeyFiles {
  readonly address: string;
  readonly keystore: string;
  readonly passwordFile: string;
}

/** Makes a key and writes it encrypted, by a function that is quick and not for any other use. */
export async function writeKey(path: string): Promise<KeyFiles> {
  return await writeKeyOf(Wallet.createRandom(), path);
}

/** The same for a key that is there already. */
export async function writeKeyOf(
  { address, privateKey }: { readonly address: string; readonly privateKey: string },
  path: string,
): Promise<KeyFiles> {
  const password = `of a test ${process.pid}`;
  const [keystore, passwordFile] = [`${path}.json`, `${path}.txt`];
  const options = { scrypt: { N: 2, r: 1, p: 1 } };
  await writeFile(keystore, await encryptKeystoreJson({ address, privateKey }, password, options));
  await writeFile(passwordFile, `${password}\n`);
  return { address, keystore, passwordFile };
}
