import { epochFolder } from '../../../src/store/epoch-folder.ts';
import { parseWebPlace, placeName, type ReportPlace } from '../../../src/store/report-place.ts';
import type { Deployment } from './open-deployment.ts';

/** Where the settings say that reports are; places are relative to the page. */
export function reportPlaces({ config }: Deployment): readonly ReportPlace[] {
  return config.reports.map((place) => parseWebPlace(new URL(place, document.baseURI).href));
}

/** Where the manifest of an epoch's report should be: addresses of the web, whose scheme was checked. */
export function reportLinks(
  deployment: Deployment,
  epoch: number,
  cid: string,
): readonly { readonly href: string; readonly name: string }[] {
  return reportPlaces(deployment).flatMap((place) => {
    const folders = place.kind === 'gateway' ? [cid] : [epochFolder(epoch), cid];
    return folders.map((folder) => ({
      href: `${place.at}/${folder}/manifest.json`,
      name: `${placeName(place)}/${folder}`,
    }));
  });
}
