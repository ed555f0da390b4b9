import { systemCode } from './if-there.ts';

/** Whether a process of this number runs, whoever it belongs to. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
