import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import type { WantedInput } from '../../src/store/fetch-input.ts';
import { fetchInput, InputDifferentError, inputPath, InputUnavailableError } from '../../src/store/fetch-input.ts';
import type { ReportLimits } from '../../src/store/fetch-report.ts';
import { REPORT_LIMITS } from '../../src/store/fetch-report.ts';
import { folderPlace, parseReportPlace } from '../../src/store/parse-report-place.ts';
import type { ReportServer } from '../support/report-server.ts';
import { startReportServer } from '../support/report-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const QUICK: ReportLimits = { ...REPORT_LIMITS, attempts: 2, firstWait: 5, answerWithin: 400, within: 2_000 };
const BYTES = new TextEncoder().encode('{"id":"1"}\n');

describe('fetchInput', () => {
  const folder = temporaryFolder();
  const wanted: WantedInput = {
    ...{ name: 'contributions.ndjson', sha256: sha256Hex(BYTES) },
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
  };
  let server: ReportServer;

  before(async () => {
    server = await startReportServer();
  });
  after(async () => await server.close());
  beforeEach(() => {
    server.files.clear();
    server.asked.length = 0;
  });

  const web = () => parseReportPlace(`${server.url}/lode`, '/');
  const gateway = () => parseReportPlace(`${server.url}/ipfs`, '/');
  const failing = async (places: Parameters<typeof fetchInput>[0], limits = QUICK) => {
    const error: unknown = await fetchInput(places, wanted, limits).catch((thrown: unknown) => thrown);
    if (error instanceof InputUnavailableError || error instanceof InputDifferentError) return error;
    throw error instanceof Error ? error : new Error('nothing failed');
  };

  it('finds it in a folder, at an address and at a gateway, each in its own way', async () => {
    const at = folder.path('published');
    await mkdir(join(at, 'inputs'), { recursive: true });
    await writeFile(join(at, inputPath(wanted)), BYTES);
    expect(Uint8Array.from(await fetchInput([folderPlace(at)], wanted, QUICK))).to.deep.equal(Uint8Array.from(BYTES));
    server.files.set(`lode/inputs/${wanted.sha256}.ndjson`, BYTES);
    expect(Uint8Array.from(await fetchInput([web()], wanted, QUICK))).to.deep.equal(Uint8Array.from(BYTES));
    server.files.set(`ipfs/${wanted.cid}`, BYTES);
    expect(Uint8Array.from(await fetchInput([gateway()], wanted, QUICK))).to.deep.equal(Uint8Array.from(BYTES));
  });

  it('goes on to the next place, and takes nothing for the input that does not have its hash', async () => {
    server.files.set(`lode/${inputPath(wanted)}`, new TextEncoder().encode('{"id":"2"}\n'));
    const nowhere = folderPlace(folder.path('nowhere'));
    const error = await failing([nowhere, web()]);
    expect(error.code).to.equal('INPUT_DIFFERENT');
    expect(error.details['answers']).to.have.length(2);
    server.files.set(`ipfs/${wanted.cid}`, BYTES);
    expect(Uint8Array.from(await fetchInput([nowhere, web(), gateway()], wanted, QUICK))).to.deep.equal(
      Uint8Array.from(BYTES),
    );
  });

  it('says that nobody gave it when it is not there, empty, too large, or the server is in trouble', async () => {
    expect((await failing([web()])).code).to.equal('INPUT_UNAVAILABLE');
    server.files.set(`lode/${inputPath(wanted)}`, new Uint8Array());
    expect((await failing([web()])).code).to.equal('INPUT_UNAVAILABLE');
    server.files.set(`lode/${inputPath(wanted)}`, BYTES);
    expect((await failing([web()], { ...QUICK, maxBytes: 5 })).code).to.equal('INPUT_UNAVAILABLE');
    let refused = 0;
    server.trouble = (_, response) => {
      if (refused++ > 0) return false;
      response.writeHead(503).end('busy');
      return true;
    };
    expect(Uint8Array.from(await fetchInput([web()], wanted, QUICK))).to.deep.equal(Uint8Array.from(BYTES));
    server.trouble = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
      return true;
    };
    expect((await failing([web()])).code).to.equal('INPUT_UNAVAILABLE');
  });
});
