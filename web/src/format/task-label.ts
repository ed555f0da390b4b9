import { nameOfTask } from '../../../src/protocol/task-name.ts';
import { visibleName } from './visible-name.ts';

/** What a task is called on the page: as it was named on chain, without what could hide in a name; names that look alike get their numbers. */
export function taskLabel(names: ReadonlyMap<number, string>, task: number): string {
  return nameOfTask(new Map([...names].map(([number, name]) => [number, visibleName(name)])), task);
}
