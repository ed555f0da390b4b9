import { expect } from 'chai';

import { policyPage } from '../../scripts/snapshots/policy-page.ts';
import { policyNodes, policySchemaFile } from '../../scripts/snapshots/policy-schema.ts';
import type { SchemaNode } from '../../scripts/snapshots/policy-schema.ts';
import { matchPage } from '../support/snapshot.ts';

describe('the schema of policies', () => {
  it('stands in presets/policy.schema.json as it is in the code', async () => {
    matchPage('presets/policy.schema.json', await policySchemaFile());
  });

  it('stands on docs/policy.md as it is in the code', async () => {
    matchPage('docs/policy.md', await policyPage());
  });

  it('says of every key what it means, and of every number its unit, its bounds and an example', () => {
    const missing: string[] = [];
    const look = (path: string, node: SchemaNode): void => {
      const says = (key: string) => node[key] !== undefined;
      const isNumber = node.type === 'string' && node.pattern?.startsWith('^(0|[1-9]') === true;
      if (!says('anyOf') && !says('description')) missing.push(`${path} description`);
      if (isNumber) for (const key of ['unit', 'bounds', 'example']) if (!says(key)) missing.push(`${path} ${key}`);
      for (const [key, child] of Object.entries(node.properties ?? {})) look(`${path}.${key}`, child);
      if (typeof node.additionalProperties === 'object') look(`${path}.*`, node.additionalProperties);
      if (node.items?.properties !== undefined) look(`${path}[]`, node.items);
      for (const child of node.anyOf ?? []) if (child.type !== undefined && child.type !== 'null') look(path, child);
    };
    look('policy', policyNodes());
    expect(missing).to.deep.equal([]);
  });
});
