import { expect } from 'chai';

import { layers } from '../../../scripts/checks/layers.ts';
import { findings } from './support.ts';

describe('check: layers', () => {
  it('accepts imports from the lower layer, from the same folder and from packages', () => {
    const contents = {
      'contracts/types/Epoch.sol': '',
      'contracts/libraries/EpochClock.sol': 'import {Epoch} from "../types/Epoch.sol";',
      'contracts/emission/EmissionCurve.sol':
        'import {SSTORE2} from "solady/src/utils/SSTORE2.sol";\nimport {IEmissionCurve} from "./interfaces/IEmissionCurve.sol";',
      'contracts/reserve/R.sol': 'import {ITaskRegistry} from "../governance/interfaces/ITaskRegistry.sol";',
      'contracts/mocks/M.sol': 'import {D} from "../distribution/D.sol";',
      'src/settlement/a.ts': "import { keccak256 } from '../protocol/keccak.ts';",
      'src/simulation/a.ts': "import { a } from '../settlement/a.ts';",
      'src/store/a.ts': "import { a } from '../simulation/a.ts';",
      'src/operator/a.ts': "import { a } from '../chain/a.ts';\nimport { b } from '../store/b.ts';",
      'src/cli/a.ts': "import { a } from '../settlement/a.ts';\nimport { b } from '../operator/b.ts';",
      'src/claims/a.ts': "import { a } from '../chain/a.ts';\nimport { b } from '../store/b.ts';",
      'web/src/views/a.tsx': "import { a } from '../../../src/claims/a.ts';\nimport { b } from '../ui/b.tsx';",
      'src/chain/a.ts': "import type { T } from '../../types/typechain/contracts/T.ts';",
    };
    expect(findings(layers, contents)).to.deep.equal([]);
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ['an upward import', 'contracts/token/T.sol', 'import {V} from "../vesting/V.sol";'],
    ['an import between neighbours', 'contracts/reserve/R.sol', 'import {V} from "../vesting/V.sol";'],
    ['an import of a mock', 'contracts/distribution/D.sol', 'import {M} from "../mocks/M.sol";'],
    [
      'the registry knowing the governor',
      'contracts/governance/TaskRegistry.sol',
      'import {G} from "./MiningGovernor.sol";',
    ],
    ['an import that spans lines', 'contracts/token/T.sol', 'import {\n    V\n} from "../vesting/V.sol";'],
    ['an import of a whole file', 'contracts/token/T.sol', 'import "../vesting/V.sol";'],
    ['a contract in no layer', 'contracts/misc/X.sol', ''],
    ['the page knowing the command line', 'web/src/a.ts', "import { b } from '../../src/cli/b.ts';"],
    ['the command line knowing the page', 'src/cli/a.ts', "import { b } from '../../web/src/b.ts';"],
    ['protocol knowing settlement', 'src/protocol/a.ts', "import { b } from '../settlement/b.ts';"],
    ['settlement knowing simulation', 'src/settlement/a.ts', "import { b } from '../simulation/b.ts';"],
    ['simulation knowing store', 'src/simulation/a.ts', "import { b } from '../store/b.ts';"],
    ['simulation knowing the bindings', 'src/simulation/a.ts', "import type { T } from '../../types/typechain/T.ts';"],
    ['a type import upwards', 'src/settlement/a.ts', "import type { B } from '../store/b.ts';"],
    ['a re-export upwards', 'src/settlement/a.ts', "export * from '../chain/b.ts';"],
    ['a late import upwards', 'src/settlement/a.ts', "await import('../cli/b.ts');"],
    ['chain knowing store', 'src/chain/a.ts', "import { b } from '../store/b.ts';"],
    ['store knowing operator', 'src/store/a.ts', "import { b } from '../operator/b.ts';"],
    ['operator knowing cli', 'src/operator/a.ts', "import { b } from '../cli/b.ts';"],
    [
      'a pure layer knowing the bindings',
      'src/settlement/a.ts',
      "import type { T } from '../../types/typechain/T.ts';",
    ],
    ['sources knowing the tests', 'src/cli/a.ts', "import { t } from '../../test/support/t.ts';"],
    ['a source in no layer', 'src/util.ts', ''],
  ];
  for (const [what, file, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(layers, { [file]: text })).to.have.lengthOf(1);
    });
  }

  it('does not mind a path in a comment', () => {
    expect(findings(layers, { 'contracts/token/T.sol': '// import {V} from "../vesting/V.sol";' })).to.deep.equal([]);
  });
});
