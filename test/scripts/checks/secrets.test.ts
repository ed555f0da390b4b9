import { expect } from 'chai';

import { secrets } from '../../../scripts/checks/secrets.ts';
import { findings } from './support.ts';

const HEX = '0123456789abcdef'.repeat(4);
const WORDS = Array.from({ length: 12 }, () => 'word').join(' ');

describe('check: secrets', () => {
  it('accepts hashes, names of variables and an example of an environment', () => {
    const contents = {
      'docs/a.md': `The root is 0x${HEX}.`,
      'src/chain/a.ts': "const privateKey = await keystore.get('operator');",
      '.env.example': 'RPC_URL=\n',
    };
    expect(findings(secrets, contents)).to.deep.equal([]);
  });

  // Built from pieces, so that this file is not itself a finding.
  const wrong: readonly (readonly [string, string, string])[] = [
    ['a private key', 'src/a.ts', `const private` + `Key = '0x${HEX}';`],
    ['a private key in JSON', 'a.json', `{ "private` + `_key": "${HEX}" }`],
    ['a key file by its text', 'notes.md', '-----BEGIN EC' + ' PRIVATE KEY-----'],
    ['a key file by its name', 'operator.pem', ''],
    ['an environment', '.env', ''],
    ['a mnemonic', 'src/a.ts', `const mne` + `monic = '${WORDS}';`],
    ['a cloud access key', 'a.json', 'AKIA' + 'ABCDEFGHIJKLMNOP'],
    ['a code host token', 'a.sh', 'ghp' + `_${'a'.repeat(36)}`],
    ['a package registry token', 'a.sh', 'npm' + `_${'a'.repeat(36)}`],
    ['a password in an address', 'a.ts', 'https://user' + ':secret@node.example.org'],
    ['a node provider key', 'a.ts', 'https://mainnet.infura' + `.io/v3/${'a'.repeat(32)}`],
  ];
  for (const [what, file, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(secrets, { [file]: text })).to.have.lengthOf(1);
    });
  }
});
