import { langxScene } from './langx-scene.ts';
import { lingopodScene } from './lingopod-scene.ts';
import type { Scene, SceneSetting } from './scene.ts';
import { tnetScene } from './tnet-scene.ts';

const QUIET: Scene = { tell: async () => Promise.resolve() };

/** What the preset of this demo has of its own. */
export function sceneOf(setting: SceneSetting): Scene {
  switch (setting.story.plan.preset) {
    case 'langx':
      return langxScene(setting);
    case 'lingopod':
      return lingopodScene(setting);
    case 'tnet':
      return tnetScene(setting);
    default:
      return QUIET;
  }
}
