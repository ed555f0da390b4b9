/** The folder of an epoch inside a folder of reports. */
export function epochFolder(epoch: number): string {
  return `epochs/${epoch.toString().padStart(6, '0')}`;
}
