import type { ReportPlace } from '../../store/report-place.ts';
import { optionFault } from '../errors.ts';
import { jsonDocument } from '../output/json-document.ts';

/** Which deployment a page shows. */
export interface PageSettings {
  readonly title: string;
  /** Addresses of nodes, as the browser reaches them. */
  readonly rpc: readonly string[];
  readonly places: readonly Pick<ReportPlace, 'kind' | 'at'>[];
  readonly confirmations: number;
  readonly pollSeconds: number;
}

/** What the page finds beside itself: `config.json`, and the folders that it names. */
export interface PageSurroundings {
  readonly config: string;
  /** Folders of reports by the name under which they have to stand. */
  readonly folders: ReadonlyMap<string, string>;
}

/** The settings as the page reads them; folders of this machine stand beside it as `reports`, `reports-2` and so on. */
export function pageSurroundings({ title, rpc, places, confirmations, pollSeconds }: PageSettings): PageSurroundings {
  const folders = new Map<string, string>();
  const reports = places.map(({ kind, at }) => {
    if (kind !== 'folder') return at;
    const name = folders.size === 0 ? 'reports' : `reports-${folders.size + 1}`;
    folders.set(name, at);
    return `${name}/`;
  });
  const settings = { title, addresses: 'addresses.json', rpc, reports, confirmations, pollSeconds };
  return { config: jsonDocument({ format: 'lode-web-v1', ...settings }), folders };
}

/**
 * Makes sure that a browser can reach a node, and that no password stands where every visitor reads it.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function checkVisible(option: string, given: string): void {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url !== null && (url.username !== '' || url.password !== '')) {
    [url.username, url.password] = ['', ''];
    throw optionFault(option, url.href, 'an address without a name and password: every visitor reads it');
  }
  const isNear = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || isNear) return;
  throw optionFault(option, given, 'an address with https://, or one of this machine (http://127.0.0.1 or localhost)');
}
