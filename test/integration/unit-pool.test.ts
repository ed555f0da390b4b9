import { expect } from 'chai';
import { network } from 'hardhat';

import { checkDeployment } from '../../deploy/check-deployment.ts';
import { executeCall, scheduleCall } from '../../src/chain/timelock.ts';
import { parseEvents } from '../../src/chain/events.ts';
import { sendCall } from '../../src/chain/send.ts';
import type { Order } from '../../src/chain/unit-pool-calls.ts';
import { allotCall, claimUnitsCall, closePoolCall } from '../../src/chain/unit-pool-calls.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { withDeposit } from '../../src/settlement/state.ts';
import type { State } from '../../src/settlement/state.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { Work, World } from '../support/world.ts';
import { accountOf, BEFORE, deployWorld, LINGOPOD, runEpoch, storyPreset, travelTo } from '../support/world.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
