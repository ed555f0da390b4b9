/**
 * What a task is called: the name that it was given on chain, its number where it has none, and both where others have the same name, so
 * that no two tasks are ever taken for one.
 *
 * @example
 * nameOfTask(new Map([[1, 'validation'], [2, 'review']]), 2) // 'review'
 * nameOfTask(new Map([[1, 'review'], [2, 'review']]), 2) // 'review (task 2)'
 * nameOfTask(new Map(), 2) // 'task 2'
 */
export function nameOfTask(names: ReadonlyMap<number, string>, task: number): string {
  const name = names.get(task);
  if (name === undefined) return `task ${task}`;
  const isShared = [...names].some(([other, its]) => other !== task && its === name);
  return isShared ? `${name} (task ${task})` : name;
}
