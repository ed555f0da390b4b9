import type { CheckList } from './check.ts';
import { claimSteps } from './claim-steps.ts';
import { schedule, waitsInPlace, type CouncilChange } from './governance.ts';
import type { Story } from './plan.ts';
import type { DemoPlan } from './plans.ts';
import type { DemoEvent } from './result.ts';
import type { Moment } from './scene.ts';
import { sceneOf } from './scenes.ts';
import type { Stage } from './stage.ts';
import type { WaitingChange } from './timelock.ts';
import type { UnitSale } from './unit-sale.ts';

/** The story with what it takes from the preset. */
export interface ToldStory extends Story {
  readonly plan: DemoPlan;
  /** From `weightsFrom` on. */
  readonly change: CouncilChange | null;
  /** How the preset's units are sold, if it has any. */
  readonly sale: UnitSale | null;
}

/** What happens besides settling. */
export interface Teller {
  /** Does what the story has for this moment. */
  readonly tell: (moment: Moment) => Promise<void>;
  readonly events: readonly DemoEvent[];
}

/**
 * The story of the demo: who claims when, the one change of governance, and what the preset has of its own. Everything paid
 * is compared with what was due.
 */
export function teller(stage: Stage, story: ToldStory, checks: CheckList): Teller {
  const events: DemoEvent[] = [];
  const say = (epoch: number, text: string): void => {
    events.push({ epoch, text });
  };
  const setting = { stage, story, checks, say, book: new Map<string, bigint>() };
  const claims = claimSteps(setting);
  const scene = sceneOf(setting);
  let waiting: WaitingChange | null = null;

  const scheduleChange = async ({ epoch }: Moment, change: CouncilChange): Promise<void> => {
    waiting = await schedule(stage, story.weightsFrom, change);
    if (waitsInPlace(stage)) await stage.chain.travelTo(waiting.ready);
    else say(epoch, 'The council schedules a change; it waits in the timelock, for everybody to see.');
  };
  const executeChange = async ({ epoch }: Moment, change: CouncilChange): Promise<void> => {
    if (waiting === null || (await stage.now()) < waiting.ready) return;
    await waiting.execute();
    waiting = null;
    say(epoch, `The council's change has waited in the timelock: ${change.words} from epoch ${story.weightsFrom} on.`);
  };

  const tell = async (moment: Moment): Promise<void> => {
    const { epoch } = moment;
    const { change } = story;
    if (epoch === story.firstClaim) await claims.firstClaim(moment);
    if (epoch === story.oldProof) await claims.oldProof(moment);
    if (epoch === story.oldProof && change !== null) await scheduleChange(moment, change);
    if (epoch >= story.oldProof && change !== null) await executeChange(moment, change);
    if (epoch === story.secondClaim) await claims.secondClaim(moment);
    if (epoch === story.signed) await claims.signed(moment);
    const since = epoch - story.firstClaim;
    if (epoch === story.batch) await claims.batch(moment, true);
    else if (since > 0 && since % story.plan.relayEvery === 0) await claims.batch(moment, false);
    await scene.tell(moment);
  };
  return { tell, events };
}
