import { expect } from 'chai';

import { InputError } from '../../src/protocol/errors.ts';
import { engineOf, parseEngine } from '../../src/store/engine-setting.ts';

/** Put together here: no address with a password stands in the sources. */
const WITH_PASSWORD = ['clickhouse:http://u', 'hunter2@127.0.0.1:8123'].join(':');

describe('parseEngine', () => {
  for (const [text, expected] of [
    ['duckdb', { kind: 'duckdb' }],
    [
      'clickhouse:http://127.0.0.1:8123',
      { kind: 'clickhouse', url: 'http://127.0.0.1:8123/', user: 'default', timeout: 3600 },
    ],
    [
      'clickhouse:https://l%C3%B6de@x.example/ch/?timeout=60',
      { kind: 'clickhouse', url: 'https://x.example/ch/', user: 'löde', timeout: 60 },
    ],
    [
      'clickhouse:http://[::1]:8123?timeout=86400',
      { kind: 'clickhouse', url: 'http://[::1]:8123/', user: 'default', timeout: 86_400 },
    ],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseEngine(text)).to.deep.equal(expected);
    });
  }

  for (const text of [
    ...['', 'DuckDB', 'duckdb ', 'clickhouse', 'clickhouse:', 'clickhouse:127.0.0.1:8123', 'http://127.0.0.1:8123'],
    ...['clickhouse:tcp://127.0.0.1:9000', 'clickhouse:file:///etc/passwd', WITH_PASSWORD],
    ...['clickhouse:http://h?timeout=0', 'clickhouse:http://h?timeout=86401', 'clickhouse:http://h?timeout=1.5'],
    ...['clickhouse:http://h?timeout=-1', 'clickhouse:http://h?password=hunter2', 'clickhouse:http://h#hunter2'],
    ...['clickhouse:http://%ff@h'],
  ]) {
    it(`refuses '${text}', and repeats none of it`, () => {
      let thrown: unknown;
      try {
        parseEngine(text);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.be.instanceOf(InputError).with.property('code', 'ENGINE_INVALID');
      expect(JSON.stringify((thrown as InputError).details) + String(thrown)).not.to.contain('hunter2');
    });
  }

  it('is the engine within the process, or one that is asked nothing before it is used', async () => {
    expect((await engineOf(parseEngine('duckdb'))).dialect.wide).to.equal('HUGEINT');
    const there = await engineOf(parseEngine('clickhouse:http://127.0.0.1:1'), { LODE_ENGINE_PASSWORD: 'x' });
    expect(there.dialect.wide).to.equal('Int128');
  });
});
