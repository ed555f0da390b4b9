import { expect } from 'chai';

import { watchText } from '../../src/cli/output/watch-text.ts';
import type { ToldEvent, WatchEvent } from '../../src/cli/watch/watch-event.ts';

const told = (event: WatchEvent): string => watchText({ block: 7, time: 1_900_000_000, ...event });
const COIN = 10n ** 18n;

const FACTS = {
  ...{ epoch: 4, proposalId: '9', operator: '0x0e', root: '0xaa', cid: 'bafy', until: 1_900_003_600 },
  ...{ left: 3_600, report: null },
};

describe('what a watcher says to people', () => {
  it('is a line with the time of the block, and ALARM where somebody should look', () => {
    expect(told({ event: 'recovered', alarm: false })).to.equal(
      '2030-03-17T17:46:40Z the endpoints answer and agree again\n',
    );
    const silent = {
      event: 'unavailable',
      alarm: true,
      code: 'NODE_UNAVAILABLE',
      reason: 'a does not answer',
    } as const;
    expect(watchText({ block: null, time: null, ...silent })).to.equal(
      'ALARM a does not answer (NODE_UNAVAILABLE): nothing is known of the chain until it answers\n',
    );
  });

  it('names for false scores accounts, tasks and both figures, then the veto', () => {
    const lines = told({
      ...{
        event: 'alarm',
        alarm: true,
        code: null,
        ...FACTS,
        verdict: 'false-scores',
        when: 'at once',
        reason: 'its scores lie',
      },
      places: [{ place: 'somewhere', outcome: 'unavailable', reason: 'status 503' }],
      differences: {
        declaration: [{ figure: 'granted', declared: '7', recomputed: '5' }],
        figures: [
          { account: '0xa1', what: 'score', of: 3, declared: 30n, recomputed: 10n },
          { account: '0xa2', what: 'accelerated', of: 1_900_000, declared: 1n, recomputed: 0n },
        ],
        grants: [{ account: '0xa1', declared: 3n * COIN, recomputed: COIN }],
      },
      tasks: { 3: 'translation' },
      veto: {
        to: '0xd1',
        data: '0x01',
        reason: 'its scores lie',
        command: 'npx lode guardian veto 9',
        safeFile: 'watch/veto-9.json',
      },
    }).split('\n');
    expect(lines).to.deep.equal([
      '2030-03-17T17:46:40Z ALARM proposal 9 of epoch 4: its scores lie; 1 h 0 min left (told at once)',
      '  somewhere: unavailable, status 503',
      '  0xa1: score in translation 30, the ledger gives 10',
      '  0xa2: accelerated of the cohort of 1900000 1, the ledger gives 0',
      '  0xa1: granted 3.00, by the ledger 1.00',
      '  granted: 7, the ledger gives 5',
      '  veto: npx lode guardian veto 9 --rpc … --keystore … --password-file …',
      '        or to 0xd1',
      '        data 0x01',
      '        or the Safe file watch/veto-9.json',
      '',
    ]);
  });

  it('cuts a long list off and says where the rest is', () => {
    const figures = Array.from({ length: 50 }, (_, n) => ({
      ...{ account: `0x${n}`, what: 'score' as const, of: 1, declared: 2n, recomputed: 1n },
    }));
    const text = told({
      ...{
        event: 'alarm',
        alarm: true,
        code: null,
        ...FACTS,
        verdict: 'false-scores',
        when: 'at once',
        reason: 'x',
        places: [],
      },
      ...{ differences: { declaration: [], figures, grants: [] }, tasks: {}, veto: null },
    });
    expect(text.split('\n').length).to.equal(23);
    expect(text).to.contain('score in task 1 2').and.contain('and 30 lines more: see --json');
  });

  it('lets nobody else write its lines: what nodes and people say is told on one line, as what can be seen', () => {
    const reason = 'x\nALARM all is well\u001b[2K\u009b1A\u202e\u2028y\r';
    const values = { reason, 'a\nb': 'c' };
    const text = told({
      event: 'chain',
      alarm: false,
      name: 'ProposalVetoed',
      transaction: '0x',
      values,
      verdict: null,
    });
    expect(text).to.equal('2030-03-17T17:46:40Z ProposalVetoed (reason x ALARM all is well [2K 1A  y , a b c)\n');
    const answers = [{ endpoint: 'a', answer: { reason } }];
    expect(told({ event: 'disagree', alarm: true, what: 'x', answers }).split('\n').length).to.equal(3);
    const places = [{ place: 'p', outcome: 'different' as const, reason }];
    const alarm = told({
      ...{ event: 'alarm', alarm: true, code: null, ...FACTS, verdict: 'hidden', when: 'at once', reason: 'x', places },
      ...{ differences: null, tasks: {}, veto: null },
    });
    expect(alarm.split('\n').length).to.equal(3);
  });

  const LINES: readonly [WatchEvent, string][] = [
    [{ event: 'watching', alarm: false, endpoints: ['a', 'b'], account: null }, 'watching by a and b'],
    [{ event: 'watching', alarm: false, endpoints: ['a'], account: '0x1' }, 'watching by a, acting as 0x1'],
    [
      { event: 'chain', alarm: true, name: 'EpochFinalised', transaction: '0x', values: { epoch: '4' }, verdict: null },
      'ALARM EpochFinalised (epoch 4): became final although it was never judged',
    ],
    [
      { event: 'judged', alarm: false, ...FACTS, verdict: 'equal', left: 200_000 },
      'proposal 9 of epoch 4 is what the ledger gives, to the last wei; 2 d 7 h left',
    ],
    [
      { event: 'disagree', alarm: true, what: 'block 3', answers: [{ endpoint: 'a', answer: { n: 1n } }] },
      'ALARM the endpoints do not agree on block 3: nothing is done\n  a: {"n":"1"}',
    ],
    [
      { event: 'reorg', alarm: false, block: 3, was: '0x1', is: '0x2' },
      'block 3 was replaced (0x1 by 0x2): what stood on it is looked at anew',
    ],
    [
      { event: 'sending', alarm: false, what: 'demand leaf 0 of 9', nonce: 4, value: `${COIN / 4n}` },
      'sending: demand leaf 0 of 9 (nonce 4, 0.25 coins)',
    ],
    [
      { event: 'offered-again', alarm: false, what: 'disprove 9', why: 'stuck', price: '34500000000', nonce: 4 },
      'offered again: disprove 9 (nonce 4, 34.5 gwei): nobody included it',
    ],
    [
      { event: 'taken-back', alarm: false, what: 'disprove 9', transaction: '0xab' },
      'its block was replaced by one without it: disprove 9, 0xab; it is on its way again',
    ],
    [{ event: 'included', alarm: false, what: 'disprove 9', transaction: '0xab' }, 'done: disprove 9, 0xab'],
    [{ event: 'not-sent', alarm: true, what: 'disprove 9', code: 'X', reason: 'no' }, 'ALARM not done: disprove 9: no'],
    [
      { event: 'funds', alarm: true, account: '0x1', balance: '0', wanted: `${COIN / 2n}` },
      'ALARM 0x1 has 0.000000 coins; with less than 0.500000 it may not be able to act',
    ],
    [
      { event: 'demanded', alarm: true, ...FACTS, leaves: [0, 7], deadline: 1_900_001_800 },
      'ALARM somebody demands leaves 0, 7 of proposal 9 of epoch 4, which is what the ledger gives: it falls unless shown before 2030-03-17T18:16:40Z (lode answer)',
    ],
    [
      {
        ...{ event: 'differs', alarm: true, ...FACTS, when: 'at once', reason: 'it is false', declaration: [] },
        veto: {
          to: '0xd1',
          data: '0x01',
          reason: 'it is false',
          command: 'npx lode guardian veto 9',
          safeFile: 'v.json',
        },
      },
      [
        'ALARM proposal 9 of epoch 4: it is false; 1 h 0 min left (told at once, before it is looked into)',
        '  veto: npx lode guardian veto 9 --rpc … --keystore … --password-file …',
        '        or to 0xd1',
        '        data 0x01',
        '        or the Safe file v.json',
      ].join('\n'),
    ],
    [{ event: 'paid', alarm: false, account: '0x1', amount: `${COIN / 2n}` }, 'paid out: 0.50 coins to 0x1'],
  ];
  for (const [event, line] of LINES) {
    it(`says ${line.split('\n')[0] ?? ''}`, () => {
      const said: ToldEvent = { block: 7, time: 1_900_000_000, ...event };
      expect(watchText(said)).to.equal(`2030-03-17T17:46:40Z ${line}\n`);
    });
  }
});
