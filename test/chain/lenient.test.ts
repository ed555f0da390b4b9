import { expect } from 'chai';
import { keccak256, toUtf8Bytes } from 'ethers';

import { FACTORIES } from '../../src/chain/bindings.ts';
import { describeCall } from '../../src/chain/pending.ts';
import { decodeLeniently, eventArguments, parseCall, textBytes, textOf } from '../../src/chain/lenient.ts';

const NO_TEXT = 'fffefdfc';
const governor = FACTORIES.governor.createInterface();

/** A proposal's event, its description `abcd` or these bytes. */
function created(description = '61626364') {
  const fragment = governor.getEvent('ProposalCreated');
  const proposer = `0x${'11'.repeat(20)}`;
  const values = [7n, proposer, [proposer], [1n], ['text'], ['0x12'], 3n, 4n, 'abcd'];
  const { data, topics } = governor.encodeEventLog(fragment, values);
  const log = { data: data.replace('61626364', description), topics: [...topics] };
  const parsed = governor.parseLog(log)!;
  return { fragment: parsed.fragment, args: parsed.args, data: log.data };
}

describe('strings that somebody wrote on chain', () => {
  it('are given as their bytes where they are no text, beside everything else that was said', () => {
    const event = created(NO_TEXT);
    expect(() => String(event.args['description'])).to.throw(); // this is what would end whoever reads it
    const args = eventArguments(event);
    expect(args.getValue('description')).to.equal(`0x${NO_TEXT}`);
    expect(args.getValue('proposalId')).to.equal(7n);
    expect([...(args.getValue('signatures') as string[])]).to.deep.equal(['text']);
    expect(textBytes(event, 'description')).to.equal(`0x${NO_TEXT}`);
  });

  it('are the same as ever where they are text', () => {
    const event = created();
    expect(eventArguments(event).toArray(true)).to.deep.equal(event.args.toArray(true));
    expect(keccak256(textBytes(event, 'description'))).to.equal(keccak256(toUtf8Bytes('abcd')));
    expect(textOf('0xefbbbf61')).to.equal('\ufeffa');
    expect(textOf('0x')).to.equal('');
  });

  it('do not keep a call from being read, nor one that stands in lists of structs', () => {
    const registry = FACTORIES.registry.createInterface();
    const data = registry.encodeFunctionData('addTask', [3, 'abcd']).replace('61626364', NO_TEXT);
    const call = parseCall(registry, data);
    expect(call?.name).to.equal('addTask');
    expect(call?.args.toObject()).to.deep.equal({ task: 3n, name: `0x${NO_TEXT}` });
    expect(parseCall(registry, '0x12345678')).to.equal(null);
    const addresses = { registry: `0x${'22'.repeat(20)}` } as unknown as Parameters<typeof describeCall>[0];
    expect(describeCall(addresses, `0x${'22'.repeat(20)}`, data).call).to.equal(`addTask(3, 0x${NO_TEXT})`);
    const propose = governor.getFunction('propose');
    const proposed = governor.encodeFunctionData('propose', [[], [], [], 'abcd']).replace('61626364', NO_TEXT);
    expect(decodeLeniently(propose.inputs, `0x${proposed.slice(10)}`).getValue('description')).to.equal(`0x${NO_TEXT}`);
  });
});
