import { once } from 'node:events';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { LODE, lodeError, startLode } from '../../cli/run-lode.ts';
import { openPage, type PageWorld } from '../../support/page-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { accountOf } from '../../support/world.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `lode web` as it is started, over a deployment that it knows from its address book alone. */
export function servedByLode(given: () => PageWorld): void {
  const files = temporaryFolder();

  const reach = ({ remote, reports }: PageWorld): string[] => [
    ...['web', '--addresses', remote.book, '--rpc', remote.node.url, '--reports', reports],
  ];

  for (const [signal, json] of [
    ['SIGINT', []],
    ['SIGTERM', ['--json']],
  ] as const) {
    it(`serves the page, and ends with 0 when it is told to by ${signal}`, async () => {
      const story = given();
      const args = [...reach(story), '--port', '0', '--confirmations', '0', '--title', 'Ours', ...json];
      const child = startLode(args, files.path('.'));
      let [out, err] = ['', ''];
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      const ended = once(child, 'close');
      while (!out.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended.then(() => expect.fail(err))]);
      try {
        const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(out) ?? [];
        expect(out).to.match(json.length > 0 ? /^\{\s*"url": / : /^The page: \S+ \(Ctrl-C ends it\)\n$/);
        const { page, problems, close } = await openPage(
          story.browser,
          `${url}#/miner/${accountOf(story.world.actors.bob)}`,
          {},
        );
        await page.getByText('Claimable now').first().waitFor();
        expect(await page.getByRole('banner').getByText('Ours').count()).to.equal(1);
        expect(problems).to.deep.equal([]);
        await close();
      } finally {
        child.kill(signal);
      }
      expect(await ended, err).to.deep.equal([0, null]);
      expect(err).to.equal('');
    });
  }

  it('says what is in its way, each with its own exit code', async () => {
    const story = given();
    const { port } = new URL(story.url);
    const usual = reach(story);
    const without = (option: string, ...instead: readonly string[]) => {
      const at = usual.indexOf(option);
      return [...usual.slice(0, at), option, ...instead, ...usual.slice(at + 2)];
    };
    expect(await lodeError(5, [...usual, '--port', port])).to.include({ code: 'PAGE_UNAVAILABLE' });
    const absent = await lodeError(6, without('--addresses', 'nothing.json'), files.path('.'));
    expect(absent).to.include({ code: 'FILE_MISSING', message: "--addresses: there is no file 'nothing.json'" });
    await writeFile(files.path('book.json'), '{}');
    expect(await lodeError(2, without('--addresses', files.path('book.json')))).to.include({
      code: 'ADDRESS_BOOK_INVALID',
    });
    expect(await lodeError(4, without('--rpc', 'http://127.0.0.1:1'))).to.include({ code: 'NODE_UNAVAILABLE' });
    expect(await lodeError(2, without('--rpc', 'http://node.example'))).to.include({ code: 'OPTION_INVALID' });
    expect(await lodeError(6, without('--reports', files.path('nowhere')))).to.include({ code: 'FOLDER_MISSING' });
    story.rpc.bend = ({ method }, answer) => (method === 'eth_chainId' ? { ...answer, result: '0x1' } : answer);
    expect(await lodeError(2, without('--rpc', story.rpc.url))).to.include({ code: 'CHAIN_DIFFERS' });
    await story.anew();
  });

  it('says where the page was never built how to build it', async () => {
    // The program as it is installed, but for what building adds.
    const copy = files.path('installed');
    await mkdir(copy);
    for (const name of await readdir(ROOT)) {
      if (['bin', 'src', 'scripts'].includes(name)) await cp(`${ROOT}${name}`, `${copy}/${name}`, { recursive: true });
      else if (name !== 'web' && name !== '.git') await symlink(`${ROOT}${name}`, `${copy}/${name}`);
    }
    const child = startLode(reach(given()), copy, {}, LODE.replace(ROOT, `${copy}/`));
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    expect(await once(child, 'close')).to.deep.equal([6, null]);
    expect(err).to.contain('lode: the page is not built yet\n').and.contain('next: run `npm run web:build`\n');
  });
}
