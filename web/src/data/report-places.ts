import { parseWebPlace, type ReportPlace } from '../../../src/store/report-place.ts';
import type { Deployment } from './open-deployment.ts';

/** Where the settings say that reports are; places are relative to the page. */
export function reportPlaces({ config }: Deployment): readonly ReportPlace[] {
  return config.reports.map((place) => parseWebPlace(new URL(place, document.baseURI).href));
}
